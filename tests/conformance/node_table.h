#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/conformance/skip_list.h"

namespace kasuri::testing {

/// What one group of cases came to in one configuration.
struct Tally {
  int passed = 0;       ///< By stated outputs.
  int by_property = 0;  ///< Random cases that passed by their property.
  int skipped = 0;      ///< Did not pass and are listed.
  int on_kernels = 0;   ///< Of the passed: ran at least one compiled kernel.

  int all_passed() const { return passed + by_property; }
};

/// The table of all cases in all configurations, and what is wrong with it.
class NodeTable {
 public:
  explicit NodeTable(SkipList skips) : skips_(std::move(skips)) {}

  void add(const NodeCase& node_case, const Outcomes& outcomes);
  /// Unexpected failures, and listed cases that pass: one line each.
  const std::vector<std::string>& complaints() const { return complaints_; }
  int cases(const std::string& group) const;
  const Tally& tally(const std::string& group, size_t configuration) const;
  /// For people: a row per configuration, a column per group, then the reasons of skipped cases.
  std::string text() const;

 private:
  struct Group {
    int cases = 0;
    std::vector<Tally> tallies;  ///< One per configuration.
  };
  void count(Tally& tally, const NodeCase& node_case, const Configuration& configuration,
             const Outcome& outcome);
  std::string row(size_t configuration) const;

  SkipList skips_;
  std::vector<std::string> order_;
  std::map<std::string, Group> groups_;
  std::map<std::string, std::map<std::string, int>> skipped_;  ///< reason -> case -> in how many
  std::vector<std::string> complaints_;
};

}  // namespace kasuri::testing
