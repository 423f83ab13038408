#include "profiling/dynamic/exit_pieces.h"

#include <algorithm>

#include "engine/base/check.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

constexpr double kClearly = 0.9;

}  // namespace

std::vector<int64_t> piece_candidates(int64_t most) {
  std::vector<int64_t> candidates;
  for (int64_t size = 1; size < most; size *= 2) candidates.push_back(size);
  candidates.push_back(std::max<int64_t>(most, 1));
  return candidates;
}

std::vector<int64_t> worthwhile_pieces(const PieceTimes& rounds) {
  KASURI_CHECK(!rounds.empty() && rounds.front().contains(1), "the time of one sample is known");
  std::vector<int64_t> kept = {1};
  for (const auto& [size, unused] : rounds.front()) {
    if (size == 1) continue;
    std::vector<double> ratios;
    for (const auto& round : rounds) {
      double smaller = 0;
      for (int64_t piece : split_rows(size, kept)) smaller += round.at(piece);
      ratios.push_back(round.at(size) / smaller);
    }
    if (median(std::move(ratios)) < kClearly) kept.push_back(size);
  }
  return kept;
}

std::vector<int64_t> split_rows(int64_t rows, const std::vector<int64_t>& sizes) {
  KASURI_CHECK(!sizes.empty() && sizes.front() == 1, "any number can be split");
  std::vector<int64_t> pieces;
  for (size_t k = sizes.size(); k-- > 0;)
    for (; rows >= sizes[k]; rows -= sizes[k]) pieces.push_back(sizes[k]);
  return pieces;
}

}  // namespace kasuri::profiling
