#include "profiling/dynamic/speculative_depth.h"

#include <algorithm>

namespace kasuri::profiling {
namespace {

constexpr double kFade = 0.97;  ///< Per pass.
/// Drafting also leaves the target's weights colder than it finds them, which its own passes do not
/// show.
constexpr double kLeastGain = 1.04;
/// Passes over one token say what one costs; two in turn, for the first finds the processor's cache
/// full of another plan's weights. More of them where the gain is so small that a machine which
/// becomes faster or slower could make it up.
constexpr int64_t kFirstSingles = 3, kSinglesEvery = 96, kSinglesInDoubt = 24, kSingles = 2;
constexpr double kSureGain = 1.2;
/// What trying may cost, in passes over one token and of the tokens asked for; what was gained
/// before pays for more, within limits.
constexpr double kFreePasses = 2, kFreeShare = 0.008, kMostCredit = 8;
/// Asking costs reading, too, where it costs so many drafted tokens; gains seen over so many rounds
/// are believed by a half.
constexpr double kReading = 2.5, kComesBack = 0.5;
constexpr int64_t kKnownAfter = 6;
/// Reading more than so many passes' worth is a pause of the machine; taken as it is, it would end
/// proposals for good.
constexpr double kMostBacklog = 32;
/// A round costs what it took, cold caches and all, but for pauses: so many times the usual.
constexpr double kPause = 3;
/// Where drafting so little, in passes over one token, found nothing, the target's pass would have
/// been the same without: a machine that makes it long must not end looking things up.
constexpr double kUnnoticed = 0.02;

}  // namespace

double expected_tokens(double acceptance, int64_t most) {
  double sum = 0, power = 1;
  for (int64_t k = 0; k <= most; ++k, power *= acceptance) sum += power;
  return sum;
}

void PassCosts::observe(int64_t tokens, double ms) {
  if (tokens == 1) return single_ms_.add(ms);
  if (!single_ms_.empty() && single_ms_.typical() > 0)
    multiples_[static_cast<size_t>(std::min(tokens, kMost))].add(ms / single_ms_.typical());
}

bool PassCosts::knows(int64_t tokens) const {
  return tokens == 1 ? !single_ms_.empty()
                     : !multiples_[static_cast<size_t>(std::min(tokens, kMost))].empty();
}

double PassCosts::multiple(int64_t tokens) const {
  int64_t below = std::min(tokens, kMost), above = below;
  while (below > 1 && !knows(below)) --below;
  while (above < kMost && !knows(above)) ++above;
  const double low = below == 1 ? 1 : multiples_[static_cast<size_t>(below)].typical();
  if (below == above || !knows(above)) return low;
  const double high = multiples_[static_cast<size_t>(above)].typical();
  return low +
         (high - low) * static_cast<double>(tokens - below) / static_cast<double>(above - below);
}

double PassCosts::of(int64_t tokens) const {
  return single_ms_.typical() * (tokens <= 1 ? 1 : multiple(tokens));
}

// A pass over two tokens against one over one also says what it costs that the draft ran in
// between: paid once, however many rows follow.
double PassCosts::row_ms() const {
  int64_t narrowest = 0, widest = 0;
  for (int64_t n = 2; n <= kMost; ++n)
    if (knows(n)) (narrowest == 0 ? narrowest : widest) = n;
  if (narrowest == 0) return 0;
  if (widest == 0)
    return std::max(0.0, (of(narrowest) - of(1)) / static_cast<double>(narrowest - 1));
  return std::max(0.0, (of(widest) - of(narrowest)) / static_cast<double>(widest - narrowest));
}

double DraftDepth::gain() const { return tokens_ / single_passes_; }

void DraftDepth::expect(int64_t tokens, double ms) {
  if (ms > 0 && !costs_.knows(tokens)) costs_.observe(tokens, ms);
}

void DraftDepth::start(int64_t tokens) {
  left_ = static_cast<double>(tokens);
  planned_ += left_;
}

bool DraftDepth::affords(double ask) const {
  if (lost_ + ask <= kFreePasses + kFreeShare * planned_) return true;
  const bool reads = ask > kReading * draft_.typical();
  if (!reads) return rounds_ > 0 && gain() >= kLeastGain;
  return rounds_ >= kKnownAfter && (gain() - 1) * left_ * kComesBack > ask;
}

ProposalLimit DraftDepth::next(double ask_ms) {
  if (!rule_.adaptive) return {rule_.most, 0, 0};
  ++passes_;
  asked_ = false;
  const int64_t every = gain() < kSureGain ? kSinglesInDoubt : kSinglesEvery;
  if (passes_ <= kFirstSingles || passes_ % every < kSingles) return {};
  const double single = costs_.of(1);
  if (single > 0 && !affords(ask_ms / single)) return {};
  asked_ = true;
  return {rule_.most, costs_.of(1) / std::max(1.0, gain()), costs_.row_ms()};
}

void DraftDepth::observe(const SpeculativePass& pass) {
  const bool single = pass.proposed == 0;
  if (!single || single_before_ || costs_.of(1) == 0)
    costs_.observe(pass.proposed + 1, pass.target_ms);
  single_before_ = single;
  left_ -= static_cast<double>(pass.accepted + 1);
  if (!asked_ || costs_.of(1) == 0) return;
  // A draft that declined ran once, too.
  const auto drafted = static_cast<double>(std::max<int64_t>(1, pass.proposed));
  draft_.add(pass.draft_ms / drafted / costs_.of(1));
  const double single_ms = costs_.of(1);
  const double draft_cost =
      std::min(pass.draft_ms / single_ms, kPause * drafted * draft_.typical());
  const bool as_without = single && draft_cost < kUnnoticed;
  const double cost =
      draft_cost +
      (as_without ? 1
                  : std::min(pass.target_ms, kPause * costs_.of(pass.proposed + 1)) / single_ms);
  ++rounds_;
  const double backlog = std::min(pass.backlog_ms / costs_.of(1), kMostBacklog);
  const auto given = static_cast<double>(pass.accepted + 1);
  tokens_ = tokens_ * kFade + given;
  single_passes_ = single_passes_ * kFade + cost;
  lost_ = std::max(-kMostCredit, lost_ + cost + backlog - given);
}

}  // namespace kasuri::profiling
