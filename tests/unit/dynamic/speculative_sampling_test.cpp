#include "profiling/dynamic/speculative_sampling.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "profiling/dynamic/speculative_depth.h"

namespace kasuri::profiling {
namespace {

constexpr size_t kTokens = 12;
constexpr int kDraws = 40000;
/// The 0.9999 quantile of chi-square with 11 degrees of freedom.
constexpr double kLimit = 37.4;

Probabilities some_distribution(std::mt19937_64& random) {
  Probabilities p(kTokens);
  double sum = 0;
  for (double& x : p) sum += x = std::exp(2.5 * uniform(random));
  for (double& x : p) x /= sum;
  return p;
}

double chi_square(const std::array<int, kTokens>& counts, const Probabilities& p, int draws) {
  double sum = 0;
  for (size_t k = 0; k < kTokens; ++k) {
    const double expected = p[k] * draws;
    sum += (counts[k] - expected) * (counts[k] - expected) / expected;
  }
  return sum;
}

struct Drawn {
  std::array<int, kTokens> first{}, second{};
  int seconds = 0;
};

/// Proposals of two tokens from `draft`, verified against `target` (by position).
Drawn draw_many(const std::array<Probabilities, 3>& target,
                const std::array<Probabilities, 2>& draft, bool sure) {
  std::mt19937_64 random(7);
  Drawn out;
  for (int n = 0; n < kDraws; ++n) {
    Proposal proposal;
    for (const Probabilities& q : draft) {
      proposal.tokens.push_back(sure ? 3 : draw_token(q, uniform(random)));
      if (!sure) proposal.distributions.push_back(q);
    }
    const Verdict verdict = verify_sampled(proposal, target, random);
    const int64_t first = verdict.accepted > 0 ? proposal.tokens[0] : verdict.next;
    ++out.first[static_cast<size_t>(first)];
    if (verdict.accepted == 0) continue;
    ++out.seconds;
    ++out.second[static_cast<size_t>(verdict.accepted > 1 ? proposal.tokens[1] : verdict.next)];
  }
  return out;
}

TEST(SpeculativeSampling, KeepsTheTargetsDistribution) {
  std::mt19937_64 random(3);
  const std::array target = {some_distribution(random), some_distribution(random),
                             some_distribution(random)};
  const std::array draft = {some_distribution(random), some_distribution(random)};
  const Drawn drawn = draw_many(target, draft, false);
  EXPECT_LT(chi_square(drawn.first, target[0], kDraws), kLimit);
  EXPECT_LT(chi_square(drawn.second, target[1], drawn.seconds), kLimit);
  EXPECT_GT(chi_square(drawn.first, draft[0], kDraws), 10 * kLimit) << "the test can fail";
}

TEST(SpeculativeSampling, KeepsItWhereTheDraftIsSure) {
  std::mt19937_64 random(5);
  const std::array target = {some_distribution(random), some_distribution(random),
                             some_distribution(random)};
  const Drawn drawn = draw_many(target, {target[0], target[1]}, true);
  EXPECT_LT(chi_square(drawn.first, target[0], kDraws), kLimit);
  EXPECT_LT(chi_square(drawn.second, target[1], drawn.seconds), kLimit);
}

TEST(SpeculativeSampling, GreedyGoesAsFarAsTokensAgreeAndGivesOneMore) {
  const std::vector<std::vector<float>> rows = {{0, 1, 0}, {5, 1, 0}, {0, 0, 2}};
  const auto row = [&](int64_t k) { return std::span<const float>(rows[static_cast<size_t>(k)]); };
  const Verdict all = verify_greedy({{1, 0}, {}}, row);
  EXPECT_EQ(all.accepted, 2);
  EXPECT_EQ(all.next, 2);
  const Verdict one = verify_greedy({{1, 2}, {}}, row);
  EXPECT_EQ(one.accepted, 1);
  EXPECT_EQ(one.next, 0);
  EXPECT_EQ(verify_greedy({}, row).next, 1);
}

TEST(SpeculativeSampling, TemperatureAndTopKShapeTheDistribution) {
  const std::vector<float> scores = {1, 3, 2, 0};
  const Probabilities p = probabilities_of(scores, {1.0, 2, 0});
  EXPECT_EQ(p[0], 0);
  EXPECT_EQ(p[3], 0);
  EXPECT_NEAR(p[1] / p[2], std::exp(1.0), 1e-12);
  EXPECT_EQ(probabilities_of(scores, {})[1], 1);
  EXPECT_FLOAT_EQ(top_two_margin(scores), 1);
}

TEST(DraftDepth, SwitchesOffWherePoorAndTriesAsTheTokensPayForIt) {
  DraftDepth depth({4, true});
  depth.start(2000);
  double spent = 0, plain = 0;
  int asked = 0;
  for (int pass = 0; pass < 2000; ++pass) {
    const bool drafts = depth.next().most > 0;
    const double draft_ms = drafts ? 0.4 : 0, target_ms = drafts ? 1.4 : 1.0;
    depth.observe({drafts ? 4 : 0, 0, draft_ms, 0, target_ms});
    spent += draft_ms + target_ms;
    plain += 1.0;
    asked += drafts ? 1 : 0;
  }
  EXPECT_LT(asked, 60);
  EXPECT_GT(asked, 3) << "it must try again";
  EXPECT_GT(plain / spent, 0.97);
}

/// Texts of 64 tokens whose rounds always go the same way; plain time over time spent.
double share_kept(const SpeculativePass& round, double prompt_ms, int texts) {
  DraftDepth depth({4, true});
  depth.expect(1, 1.0);
  double spent = 0, tokens = 0;
  for (int text = 0; text < texts; ++text) {
    depth.start(64);
    bool read = false;
    for (int made = 0; made < 64;) {
      SpeculativePass pass{0, 0, 0, 0, 1.0};
      const double ask_ms = std::max(round.draft_ms / 4, 0.01) + (read ? 0 : prompt_ms);
      if (depth.next(ask_ms).most > 0) {
        pass = round;
        pass.backlog_ms = read ? 0 : prompt_ms;
        read = true;
      }
      depth.observe(pass);
      spent += pass.draft_ms + pass.backlog_ms + pass.target_ms;
      made += static_cast<int>(pass.accepted) + 1;
      tokens += static_cast<double>(pass.accepted) + 1;
    }
  }
  return tokens / spent;
}

TEST(DraftDepth, NeverCostsMoreThanThreeInAHundred) {
  const SpeculativePass refused{4, 0, 0.8, 0, 1.5}, declined{0, 0, 0.19, 0, 1.0},
      barely{1, 0, 0.05, 0, 1.02}, huge{4, 0, 6, 0, 1.0};
  for (const SpeculativePass& round : {refused, declined, barely, huge})
    for (double prompt_ms : {0.0, 0.5, 4.0})
      EXPECT_GE(share_kept(round, prompt_ms, 10), 0.97)
          << round.draft_ms << " ms of drafts, prompt " << prompt_ms;
  // The price of trying does not keep a good draft from being used.
  EXPECT_GT(share_kept({4, 2, 0.4, 0, 1.2}, 2, 20), 1.5);
}

TEST(DraftDepth, ADraftThatDeclinesIsNotFree) {
  DraftDepth depth({4, true});
  depth.start(1000);
  int asked = 0;
  for (int pass = 0; pass < 1000; ++pass) {
    const bool drafts = depth.next().most > 0;
    depth.observe({0, 0, drafts ? 0.2 : 0, 0, 1.0});
    asked += drafts ? 1 : 0;
  }
  EXPECT_LT(asked, 110);
  EXPECT_GT(asked, 3) << "it must try again";
  EXPECT_LT(depth.gain(), 1);
}

/// Its passes over one token would have been made anyway, however long the machine takes for them.
TEST(DraftDepth, LookingUpWhatIsNotThereCostsNothingOnARestlessMachine) {
  DraftDepth depth({4, true});
  int asked = 0;
  for (int text = 0; text < 20; ++text) {
    depth.start(64);
    for (int pass = 0; pass < 64; ++pass) {
      asked += depth.next(0).most > 0 ? 1 : 0;
      depth.observe({0, 0, 0.001, 0, pass % 3 == 0 ? 1.0 : 1.5});
    }
  }
  EXPECT_GT(asked, 1000);
}

TEST(DraftDepth, StaysOnWhereItPays) {
  DraftDepth depth({4, true});
  int asked = 0;
  for (int pass = 0; pass < 1000; ++pass) {
    const bool drafts = depth.next().most > 0;
    depth.observe({drafts ? 4 : 0, drafts ? 3 : 0, drafts ? 0.4 : 0, 0, drafts ? 1.4 : 1.0});
    asked += drafts ? 1 : 0;
  }
  EXPECT_GT(asked, 950);
  EXPECT_NEAR(depth.gain(), 4 / 1.8, 0.1);
}

TEST(PassCosts, ARowIsWhatItAddsToAPassOverSeveral) {
  PassCosts costs;
  costs.observe(1, 1.0);
  costs.observe(5, 1.8);
  EXPECT_NEAR(costs.row_ms(), 0.2, 1e-9);
  costs.observe(2, 1.5);
  EXPECT_NEAR(costs.row_ms(), 0.1, 1e-9);
}

TEST(AcceptanceByConfidence, FollowsWhatWasSeenWhateverTheDraftSays) {
  AcceptanceByConfidence acceptance;
  EXPECT_NEAR(acceptance.of(0.93), 0.95, 1e-9);
  for (int k = 0; k < 200; ++k) acceptance.observe(0.93, k % 4 == 0);
  EXPECT_NEAR(acceptance.of(0.98), 0.25, 0.06);
  EXPECT_NEAR(acceptance.of(0.52), 0.55, 1e-9) << "nothing was seen of it";
  EXPECT_LT(acceptance.usual(), 0.4);
}

TEST(DraftDepth, ExpectedTokensFollowTheFormula) {
  EXPECT_NEAR(expected_tokens(0.5, 4), (1 - std::pow(0.5, 5)) / 0.5, 1e-12);
  EXPECT_EQ(expected_tokens(1, 3), 4);
}

TEST(ProposalLimit, AFixedDepthAlwaysPays) {
  const ProposalLimit fixed{4, 0, 0}, dear{4, 1.0, 0.2};
  EXPECT_TRUE(fixed.pays(0));
  EXPECT_TRUE(fixed.pays_to_draft(0, 1));
  EXPECT_TRUE(dear.pays_to_draft(0.5, 0.2));
  EXPECT_FALSE(dear.pays_to_draft(0.5, 0.4));
  EXPECT_FALSE(dear.pays(0.1));
}

TEST(LookupProposer, GivesWhatFollowedTheLongestLatestMatch) {
  const std::vector<int64_t> text = {1, 2, 3, 4, 5, 9, 9, 1, 2, 3, 4};
  std::mt19937_64 random;
  LookupProposer lookup(3);
  const auto found = lookup.propose(text, {2, 0, 0}, {}, random, {});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->tokens, (std::vector<int64_t>{5, 9}));
  LookupProposer wants_more(5);
  const auto none = wants_more.propose(text, {2, 0, 0}, {}, random, {});
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->tokens.empty());
}

}  // namespace
}  // namespace kasuri::profiling
