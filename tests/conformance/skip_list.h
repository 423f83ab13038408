#pragma once

#include <map>
#include <string>

#include "tests/conformance/configuration.h"

namespace kasuri::testing {

/// Cases that are not expected to pass. A line is "case: reason" (in every configuration) or
/// "case [cpu all]: reason" (in that one); '#' begins a comment.
class SkipList {
 public:
  static SkipList read(const std::filesystem::path& file);

  /// Why this case does not pass in this configuration; null where it is expected to.
  const std::string* reason(const std::string& node_case, const Configuration& configuration) const;
  /// Listed names, for finding those that no longer exist.
  const std::map<std::string, std::string>& lines() const { return reasons_; }

 private:
  std::map<std::string, std::string> reasons_;  ///< "case" or "case [configuration]" -> reason
};

}  // namespace kasuri::testing
