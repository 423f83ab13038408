#include "tests/conformance/node_table.h"

#include <fmt/format.h>

namespace kasuri::testing {

void NodeTable::add(const NodeCase& node_case, const Outcomes& outcomes) {
  if (!groups_.contains(node_case.group)) order_.push_back(node_case.group);
  Group& group = groups_[node_case.group];
  ++group.cases;
  group.tallies.resize(outcomes.size());
  for (size_t k = 0; k < outcomes.size(); ++k)
    count(group.tallies[k], node_case, configurations()[k], outcomes[k]);
}

void NodeTable::count(Tally& tally, const NodeCase& node_case, const Configuration& configuration,
                      const Outcome& outcome) {
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

const Tally& NodeTable::tally(const std::string& group, size_t configuration) const {
  return groups_.at(group).tallies[configuration];
}

std::string NodeTable::row(size_t configuration) const {
  std::string out = fmt::format("{:<19}", configurations()[configuration].name());
  for (const std::string& name : order_) {
    const Group& g = groups_.at(name);
    const Tally& t = g.tallies[configuration];
    const std::string share = fmt::format("{}/{}", t.all_passed(), g.cases);
    out += fmt::format(" {:>17}", share);
    if (name == "node")
      out += fmt::format(" {:>6.2f} % {:>8} {:>8}", 100.0 * t.all_passed() / g.cases, t.by_property,
                         t.on_kernels);
  }
  return out + '\n';
}

std::string NodeTable::text() const {
  std::string out = fmt::format("{:<19}", "ONNX cases");
  for (const std::string& name : order_) {
    out += fmt::format(" {:>17}", name);
    if (name == "node") out += fmt::format(" {:>8} {:>8} {:>8}", "share", "property", "kernels");
  }
  out += '\n';
  for (size_t k = 0; k < configurations().size(); ++k) out += row(k);
  out += "property: of these, random operators held against what must be true of any draw\n";
  out += "kernels: of these, cases that ran generated or oneDNN code\n";
  for (const auto& [reason, cases] : skipped_) {
    out += fmt::format("not passing: {}\n", reason);
    for (const auto& [name, columns] : cases)
      out +=
          fmt::format("  {} ({} of {} configurations)\n", name, columns, configurations().size());
  }
  return out;
}

}  // namespace kasuri::testing
