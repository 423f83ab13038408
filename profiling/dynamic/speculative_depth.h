#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "profiling/dynamic/recent_times.h"
#include "profiling/dynamic/speculative_proposer.h"

namespace kasuri::profiling {

/// How many tokens to propose.
struct DepthRule {
  static constexpr int64_t kMost = 4;  ///< Unless the user says otherwise.
  int64_t most = kMost;
  bool adaptive = true;  ///< false: always `most`.
};

/// (1 - a^(K+1)) / (1 - a): the tokens one target pass is expected to give.
double expected_tokens(double acceptance, int64_t most);

/// What target passes take by tokens at once: over one token in milliseconds, over more as
/// multiples of what one took at the time, so that a machine that slows down does not look like a
/// dearer row.
class PassCosts {
 public:
  static constexpr int64_t kMost = 32;
  void observe(int64_t tokens, double ms);
  bool knows(int64_t tokens) const;
  /// In milliseconds; between measured sizes by a straight line; 0: nothing is known.
  double of(int64_t tokens) const;
  /// What one more token in a pass over several costs.
  double row_ms() const;

 private:
  double multiple(int64_t tokens) const;

  RecentTimes<6> single_ms_;
  std::array<RecentTimes<>, kMost + 1> multiples_;
};

/// One pass of the target.
struct SpeculativePass {
  int64_t proposed = 0, accepted = 0;
  double draft_ms = 0;    ///< Drafting, without:
  double backlog_ms = 0;  ///< the draft reading what it had not been asked about.
  double target_ms = 0;
};

/// Decides before each pass how many tokens may be proposed, from what passes cost and what
/// proposals have brought. Where they bring less than they cost it stops asking for them, and
/// tries again as rarely as the tokens asked for since pay for it.
///
/// What was lost before anything pays, in target passes over one token, hardly exceeds two and a
/// fiftieth of the tokens asked for by more than one round's loss: trying, too, has to be paid from
/// somewhere. A round that proposes nothing is not free (the draft has run), nor is reading a
/// prompt.
class DraftDepth {
 public:
  explicit DraftDepth(DepthRule rule) : rule_(rule) {}

  /// What a pass over so many tokens takes, while none was seen.
  void expect(int64_t tokens, double ms);
  /// A new text, of at most so many new tokens.
  void start(int64_t tokens);
  /// For the next pass; most == 0: propose nothing. `ask_ms`: what asking for one token will take.
  ProposalLimit next(double ask_ms = 0);
  /// A pass as it went.
  void observe(const SpeculativePass& pass);

  const PassCosts& costs() const { return costs_; }
  /// Tokens per time with proposals over tokens per time without, running, prompts read aside.
  double gain() const;
  /// Target passes over one token that proposals cost more than they gave; negative: they gave.
  double lost() const { return lost_; }

 private:
  /// Is there credit for asking, or is it known to come back within this text?
  bool affords(double ask) const;

  DepthRule rule_;
  PassCosts costs_;
  double tokens_ = 6.6, single_passes_ = 6.0;  // fading: given, and what they cost in single passes
  RecentTimes<> draft_;                        // of one pass of the draft, in single passes
  double lost_ = 0, planned_ = 0, left_ = 0;
  int64_t rounds_ = 0;
  int64_t passes_ = 0;
  bool asked_ = false, single_before_ = false;
};

}  // namespace kasuri::profiling
