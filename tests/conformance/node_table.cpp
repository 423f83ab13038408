#include "tests/conformance/node_table.h"

#include <fmt/format.h>

namespace kasuri::testing {

void NodeTable::add(const NodeCase& node_case, const Outcomes& outcomes) {
  if (!groups_.contains(node_case.group)) order_.push_back(node_case.group);
  Group& group = groups_[node_case.group];
  ++group.cases;
  for (size_t k = 0; k < kColumns; ++k) count(group.tallies[k], node_case, k, outcomes[k]);
}

void NodeTable::count(Tally& tally, const NodeCase& node_case, size_t column,
                      const Outcome& outcome) {
  const Configuration& configuration = kConfigurations[column];
  const std::string* reason = skips_.reason(node_case.name, configuration);
  const std::string where = fmt::format("{} ({})", node_case.name, configuration.name());
  if (!outcome.status.ok()) {
    if (reason == nullptr)
      return complaints_.push_back(where + ": " + outcome.status.error().text());
    ++tally.skipped;
    ++skipped_[*reason][node_case.name];
    return;
  }
  if (reason != nullptr) complaints_.push_back(where + " passes now: remove it from skips.txt");
  ++(outcome.by_property ? tally.by_property : tally.passed);
  if (outcome.kernels > 0) ++tally.on_kernels;
}

int NodeTable::cases(const std::string& group) const {
  const auto it = groups_.find(group);
  return it == groups_.end() ? 0 : it->second.cases;
}

const Tally& NodeTable::tally(const std::string& group, size_t column) const {
  return groups_.at(group).tallies[column];
}

std::string NodeTable::text() const {
  std::string out = fmt::format("{:<18} {:>6}", "ONNX cases", "cases");
  for (const Configuration& c : kConfigurations) out += fmt::format(" {:>18}", c.name());
  out += '\n';
  const auto row = [&](const std::string& name, const std::string& cases, auto cell) {
    out += fmt::format("{:<18} {:>6}", name, cases);
    for (size_t k = 0; k < kColumns; ++k) out += fmt::format(" {:>18}", cell(k));
    out += '\n';
  };
  for (const std::string& name : order_) {
    const Group& g = groups_.at(name);
    row(name, std::to_string(g.cases), [&](size_t k) { return g.tallies[k].all_passed(); });
    if (name != "node") continue;
    row("  share", "", [&](size_t k) {
      return fmt::format("{:.2f} %", 100.0 * g.tallies[k].all_passed() / g.cases);
    });
    row("  by property", "", [&](size_t k) { return g.tallies[k].by_property; });
    row("  with own kernels", "", [&](size_t k) { return g.tallies[k].on_kernels; });
  }
  out += "by property: random operators, held against what must be true of any draw\n";
  for (const auto& [reason, cases] : skipped_) {
    out += fmt::format("not passing: {}\n", reason);
    for (const auto& [name, columns] : cases)
      out += fmt::format("  {} ({} of {} configurations)\n", name, columns, kColumns);
  }
  return out;
}

}  // namespace kasuri::testing
