#pragma once

#include <random>
#include <string>
#include <vector>

namespace kasuri::testing {

/// One of `seeds` with one to six changes: bits, bytes, numbers of note, runs dropped, doubled or
/// taken from another seed, the tail cut off.
std::string mutated(const std::vector<std::string>& seeds, std::mt19937_64& random);

}  // namespace kasuri::testing
