#include "profiling/default_sizes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace kasuri::profiling {

constexpr size_t kMostNames = 4;

Error with_default_sizes(Error error, const std::vector<DimBinding>& dims) {
  std::vector<std::string> names;
  int64_t taken = 1;
  for (const DimBinding& dim : dims)
    if (dim.is_default && std::find(names.begin(), names.end(), dim.name()) == names.end()) {
      names.push_back(dim.name());
      taken = dim.value;
    }
  if (names.empty() || error.kind() != ErrorKind::kUser) return error;
  if (names.size() > kMostNames) {
    names.resize(kMostNames);
    names.emplace_back("...");
  }
  return std::move(error).with_advice(fmt::format(
      "{} was taken for sizes nobody gave: {} (--dim NAME=N)", taken, fmt::join(names, ", ")));
}

}  // namespace kasuri::profiling
