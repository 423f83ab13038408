#include "passes/catalogue.h"

#include <set>

#include "passes/optimize.h"
#include "tests/support/rewrite_check.h"

namespace kasuri::testing {
namespace {

using ::testing::ElementsAre;

TEST(Catalogue, NamesAreUniqueAndEveryRuleStatesItsLaw) {
  std::set<std::string> names;
  for (const Pass& pass : catalogue()) {
    EXPECT_TRUE(names.insert(pass.name).second) << pass.name;
    EXPECT_FALSE(pass.law.empty() || pass.stands.empty()) << pass.name;
    std::set<std::string> rules;
    for (const auto& rule : pass.rules) {
      EXPECT_TRUE(rules.insert(rule->info().name).second) << rule->info().name;
      EXPECT_FALSE(rule->info().law.empty()) << rule->info().name;
      EXPECT_FALSE(names.contains(rule->info().name)) << "a rule is named like a pass";
    }
  }
}

/// x -> Conv -> BatchNorm -> Relu, with a dead branch.
Graph small_net() {
  GraphBuilder b;
  b.opset("", 17);
  const ValueId x = b.input("x", f32({1, 3, 8, 8}));
  const ValueId conv =
      b.add({"", "Conv"}, "conv", {x, b.constant("w", random_tensor({4, 3, 3, 3}, 1))})[0];
  const auto c = [&](const std::string& n, uint32_t s) {
    return b.constant(n, random_tensor({4}, s, true));
  };
  const ValueId bn = b.add({"", "BatchNormalization"}, "bn",
                           {conv, c("s", 2), c("b", 3), c("m", 4), c("v", 5)})[0];
  b.add({"", "Exp"}, "dead", {bn});
  b.output("y", b.add({"", "Relu"}, "relu", {bn})[0]);
  return typed(b);
}

OptimizedGraph run(const std::string& spec) {
  TestServices services;
  return *optimize(small_net(), *parse_recipe(spec), services.services, {});
}

TEST(Optimize, NonePreparesAndDecidesNothing) {
  const OptimizedGraph r = run("none");
  EXPECT_EQ(operators(*r.graph), "Conv BatchNormalization Relu");
  EXPECT_EQ(r.decisions.fingerprint(*r.graph), PlanDecisions{}.fingerprint(*r.graph));
}

TEST(Optimize, DefaultFoldsAndFuses) {
  const OptimizedGraph r = run("default");
  EXPECT_THAT(group_texts(r), ElementsAre("Conv + Relu: Conv Relu"));
  expect_equal_numbers(small_net(), *r.graph, false);
}

TEST(Optimize, AToggleChangesOnlyItsOwnPart) {
  EXPECT_THAT(group_texts(run("default,-fold-bn")), ElementsAre());
  EXPECT_EQ(operators(*run("default,-FuseConvBatchNorm@bn").graph), "Conv BatchNormalization Relu");
  EXPECT_THAT(group_texts(run("default,-fuse,-memory")), ElementsAre());
}

TEST(Optimize, CheckSitesReportsWithoutSideEffects) {
  TestServices services;
  const Graph graph = small_net();
  const std::string before = graph.fingerprint().hex();
  const auto sites = check_sites(graph, *parse_recipe("default"), services.services, {});
  ASSERT_TRUE(sites.ok());
  EXPECT_TRUE(std::any_of(sites->begin(), sites->end(), [](const RewriteEntry& e) {
    return e.site == "FuseConvBatchNorm@bn" && e.outcome == RewriteEntry::Outcome::kApplied;
  }));
  EXPECT_EQ(graph.fingerprint().hex(), before);
}

}  // namespace
}  // namespace kasuri::testing
