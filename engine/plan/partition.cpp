#include "engine/plan/partition.h"

#include <algorithm>
#include <queue>
#include <set>

namespace kasuri {
namespace {

std::vector<ValueId> values_read(const Graph& graph, const Node& node) {
  std::vector<ValueId> read;
  for (ValueId id : node.inputs)
    if (id.valid()) read.push_back(id);
  for (ValueId id : captured_values(graph, node)) read.push_back(id);
  return read;
}

class Partitioner {
 public:
  Partitioner(const Graph& graph, const PlanDecisions& decisions, const DissolvedGroups& dissolved)
      : graph_(graph),
        order_(graph.topological_order()),
        position_(graph.node_capacity(), 0),
        executors_(graph.node_capacity()) {
    for (size_t i = 0; i < order_.size(); ++i) position_[order_[i].index()] = i;
    for (const Group* group : decisions.groups())
      if (!dissolved.contains(group->id) && present(*group)) add_group(*group);
    for (const Group* group : decisions.groups())
      if (const auto it = dissolved.find(group->id); it != dissolved.end())
        for (NodeId id : group->nodes) notes_[id] = it->second;
  }

  std::vector<PlanUnit> units() {
    add_single_nodes();
    for (PlanUnit& unit : units_) complete(unit);
    return std::move(units_);
  }

 private:
  bool present(const Group& group) const {
    const auto here = [&](NodeId id) { return graph_.contains(id); };
    return !group.nodes.empty() && std::all_of(group.nodes.begin(), group.nodes.end(), here) &&
           std::all_of(group.absorbed.begin(), group.absorbed.end(), here);
  }

  void add_group(const Group& group) {
    PlanUnit unit;
    unit.group = group.id;
    unit.kind = group.kind;
    std::set<NodeId> members(group.nodes.begin(), group.nodes.end());
    members.insert(group.absorbed.begin(), group.absorbed.end());
    unit.members.assign(members.begin(), members.end());
    std::sort(unit.members.begin(), unit.members.end(),
              [&](NodeId a, NodeId b) { return position_[a.index()] < position_[b.index()]; });
    const int number = static_cast<int>(units_.size());
    for (NodeId id : unit.members) executors_[id.index()].push_back(number);
    std::set<NodeId> own(group.nodes.begin(), group.nodes.end());
    for (NodeId id : unit.members)  // a view behind a member belongs to the group alone
      for (ValueId in : graph_.node(id).inputs)
        if (in.valid() && own.contains(graph_.value(in).producer)) own.insert(id);
    for (NodeId id : own) owner_[id] = number;
    units_.push_back(std::move(unit));
  }

  /// Does a unit that does not compute `value` itself need it in memory?
  bool is_needed(ValueId value, NodeId producer) const {
    if (graph_.is_output(value)) return true;
    for (NodeId reader : graph_.value(value).consumers)
      for (int unit : executors_[reader.index()])
        if (std::find(executors_[producer.index()].begin(), executors_[producer.index()].end(),
                      unit) == executors_[producer.index()].end())
          return true;
    return false;
  }

  void add_single_nodes() {
    for (auto it = order_.rbegin(); it != order_.rend(); ++it) {
      const Node& node = graph_.node(*it);
      if (owner_.contains(node.id)) continue;
      const bool absorbed = !executors_[node.id.index()].empty();
      const bool needed = std::any_of(node.outputs.begin(), node.outputs.end(), [&](ValueId out) {
        return out.valid() && is_needed(out, node.id);
      });
      if (absorbed && !needed) continue;
      const int number = static_cast<int>(units_.size());
      owner_[node.id] = number;
      executors_[node.id.index()].push_back(number);
      PlanUnit unit;
      unit.members = {node.id};
      if (const auto note = notes_.find(node.id); note != notes_.end()) unit.note = note->second;
      units_.push_back(std::move(unit));
    }
  }

  void complete(PlanUnit& unit) {
    const int number = static_cast<int>(&unit - units_.data());
    std::set<ValueId> made, seen;
    for (NodeId id : unit.members) {
      for (ValueId in : values_read(graph_, graph_.node(id)))
        if (!made.contains(in) && seen.insert(in).second) unit.inputs.push_back(in);
      for (ValueId out : graph_.node(id).outputs) {
        if (!out.valid()) continue;
        made.insert(out);
        if (owner_.at_or(id) == number && (unit.members.size() == 1 || read_outside(out, number)))
          unit.outputs.push_back(out);
      }
    }
  }

  bool read_outside(ValueId value, int number) const {
    if (graph_.is_output(value)) return true;
    for (NodeId reader : graph_.value(value).consumers)
      for (int unit : executors_[reader.index()])
        if (unit != number && !computed_by(value, unit)) return true;
    return false;
  }

  bool computed_by(ValueId value, int unit) const {
    const auto& made = executors_[graph_.value(value).producer.index()];
    return std::find(made.begin(), made.end(), unit) != made.end();
  }

  struct Owners : std::map<NodeId, int> {
    int at_or(NodeId id) const {
      const auto it = find(id);
      return it == end() ? -1 : it->second;
    }
  };

  const Graph& graph_;
  std::vector<NodeId> order_;
  std::vector<size_t> position_;
  std::vector<std::vector<int>> executors_;  // by node: units that compute it
  Owners owner_;                             // the unit whose outputs its values are
  std::map<NodeId, std::string> notes_;
  std::vector<PlanUnit> units_;
};

/// Unit numbers, producers first; the unit with the earliest last member first. Units on a cycle
/// are missing.
std::vector<int> producers_first(const Graph& graph, const std::vector<PlanUnit>& units) {
  std::vector<size_t> position(graph.node_capacity(), 0);
  const std::vector<NodeId> order = graph.topological_order();
  for (size_t i = 0; i < order.size(); ++i) position[order[i].index()] = i;
  const auto dependencies = unit_dependencies(units);
  std::vector<std::vector<int>> readers(units.size());
  std::vector<int> waiting(units.size(), 0);
  for (size_t u = 0; u < units.size(); ++u)
    for (int d : dependencies[u]) {
      readers[d].push_back(static_cast<int>(u));
      ++waiting[u];
    }
  using Entry = std::pair<size_t, int>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> ready;
  const auto push = [&](int u) { ready.push({position[units[u].members.back().index()], u}); };
  for (size_t u = 0; u < units.size(); ++u)
    if (waiting[u] == 0) push(static_cast<int>(u));
  std::vector<int> result;
  while (!ready.empty()) {
    const int u = ready.top().second;
    ready.pop();
    result.push_back(u);
    for (int reader : readers[u])
      if (--waiting[reader] == 0) push(reader);
  }
  return result;
}

}  // namespace

std::vector<std::vector<int>> unit_dependencies(const std::vector<PlanUnit>& units) {
  std::map<ValueId, int> producer;
  for (size_t u = 0; u < units.size(); ++u)
    for (ValueId out : units[u].outputs) producer[out] = static_cast<int>(u);
  std::vector<std::vector<int>> dependencies(units.size());
  for (size_t u = 0; u < units.size(); ++u) {
    for (ValueId in : units[u].inputs)
      if (const auto it = producer.find(in); it != producer.end())
        dependencies[u].push_back(it->second);
    std::sort(dependencies[u].begin(), dependencies[u].end());
    dependencies[u].erase(std::unique(dependencies[u].begin(), dependencies[u].end()),
                          dependencies[u].end());
  }
  return dependencies;
}

std::vector<PlanUnit> partition(const Graph& graph, const PlanDecisions& decisions,
                                DissolvedGroups& dissolved) {
  while (true) {
    std::vector<PlanUnit> units = Partitioner(graph, decisions, dissolved).units();
    const std::vector<int> order = producers_first(graph, units);
    if (order.size() == units.size()) {
      std::vector<PlanUnit> sorted;
      for (int u : order) sorted.push_back(std::move(units[u]));
      return sorted;
    }
    std::vector<bool> placed(units.size(), false);
    for (int u : order) placed[u] = true;
    bool found = false;
    for (size_t u = 0; u < units.size(); ++u)
      if (!placed[u] && units[u].group.valid()) {
        dissolved[units[u].group] = "the group would wait for itself (a cycle through other nodes)";
        found = true;
      }
    KASURI_CHECK(found, "units without groups have no cycle");
  }
}

}  // namespace kasuri
