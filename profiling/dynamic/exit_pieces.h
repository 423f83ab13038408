#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace kasuri::profiling {

/// Numbers of samples to try plans for, when so many travel at most: powers of two, and `most`.
std::vector<int64_t> piece_candidates(int64_t most);

/// Rounds of milliseconds by number of samples; every round has the same candidates, 1 among them.
using PieceTimes = std::vector<std::map<int64_t, double>>;

/// The candidates worth a plan of their own, smallest first. A larger plan has weights of its own,
/// cold when few travel, so within most rounds it must beat the split into smaller ones clearly.
std::vector<int64_t> worthwhile_pieces(const PieceTimes& rounds);

/// How many go together, `rows` in sum: the largest of `sizes` (ascending, the first is 1) first.
std::vector<int64_t> split_rows(int64_t rows, const std::vector<int64_t>& sizes);

}  // namespace kasuri::profiling
