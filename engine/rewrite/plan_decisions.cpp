#include <algorithm>

#include "engine/rewrite/plan_decisions.h"

namespace kasuri {
namespace {

Error internal(std::string message) { return Error(std::move(message), ErrorKind::kInternal); }

}  // namespace

std::vector<const Group*> PlanDecisions::groups() const {
  std::vector<const Group*> all;
  all.reserve(groups_.size());
  for (const auto& [id, group] : groups_) all.push_back(&group);
  return all;
}

const Group* PlanDecisions::group_of(NodeId node) const {
  const auto it = member_of_.find(node.index());
  return it == member_of_.end() ? nullptr : find(it->second);
}

const Group* PlanDecisions::find(GroupId id) const {
  const auto it = groups_.find(id.index());
  return it == groups_.end() ? nullptr : &it->second;
}

std::vector<GroupId> PlanDecisions::absorbers_of(NodeId view) const {
  const auto it = absorbers_.find(view.index());
  return it == absorbers_.end() ? std::vector<GroupId>{} : it->second;
}

std::optional<std::vector<int>> PlanDecisions::layout_of(ValueId value) const {
  const auto it = layouts_.find(value.index());
  if (it == layouts_.end()) return std::nullopt;
  return it->second;
}

bool PlanDecisions::may_overwrite(NodeId node, int input, int output) const {
  return std::any_of(in_place_.begin(), in_place_.end(), [&](const AllowInPlace& a) {
    return a.node == node && a.input == input && a.output == output;
  });
}

bool PlanDecisions::enabled(MemoryOption option) const {
  return memory_options_ & (1U << static_cast<unsigned>(option));
}

GroupId PlanDecisions::next_group_id() const { return GroupId(next_group_); }

Status PlanDecisions::apply(const PlanDecision& decision) {
  return std::visit([this](const auto& d) { return put(d); }, decision);
}

Status PlanDecisions::put(const FormGroup& form) {
  if (form.group.nodes.empty()) return internal("a group without members");
  for (GroupId id : form.replaces)
    if (!groups_.contains(id.index())) return internal("a group replaces one that is not there");
  for (NodeId node : form.group.nodes) {
    const Group* present = group_of(node);
    if (present &&
        std::find(form.replaces.begin(), form.replaces.end(), present->id) == form.replaces.end())
      return internal("a member of the new group already belongs to group '" + present->kind + "'");
  }
  for (GroupId id : form.replaces) drop(id);
  Group group = form.group;
  group.id = GroupId(next_group_++);
  for (NodeId node : group.nodes) member_of_[node.index()] = group.id;
  for (NodeId node : group.absorbed) absorbers_[node.index()].push_back(group.id);
  groups_.emplace(group.id.index(), std::move(group));
  return Done{};
}

void PlanDecisions::drop(GroupId id) {
  const auto it = groups_.find(id.index());
  for (NodeId node : it->second.nodes) member_of_.erase(node.index());
  for (NodeId node : it->second.absorbed) {
    auto& absorbers = absorbers_[node.index()];
    std::erase(absorbers, id);
    if (absorbers.empty()) absorbers_.erase(node.index());
  }
  groups_.erase(it);
}

Status PlanDecisions::put(const SetLayout& layout) {
  std::vector<int> sorted = layout.axis_order;
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 0; i < sorted.size(); ++i)
    if (sorted[i] != static_cast<int>(i)) return internal("a layout is no order of the axes");
  layouts_[layout.value.index()] = layout.axis_order;
  return Done{};
}

Status PlanDecisions::put(const AllowInPlace& allow) {
  if (!may_overwrite(allow.node, allow.input, allow.output)) in_place_.push_back(allow);
  return Done{};
}

Status PlanDecisions::put(const EnableMemory& enable) {
  memory_options_ |= 1U << static_cast<unsigned>(enable.option);
  return Done{};
}

Fingerprint PlanDecisions::fingerprint(const Graph& graph) const {
  FingerprintBuilder b;
  const auto add_nodes = [&](const std::vector<NodeId>& nodes) {
    b.add(nodes.size());
    for (NodeId id : nodes) b.add(graph.contains(id) ? std::string_view(graph.node(id).name) : "");
  };
  for (const auto& [id, group] : groups_) {
    b.add(group.kind);
    add_nodes(group.nodes);
    add_nodes(group.absorbed);
  }
  for (const auto& [value, order] : layouts_) {
    b.add(graph.contains(ValueId(value)) ? std::string_view(graph.value(ValueId(value)).name) : "");
    for (int axis : order) b.add(static_cast<uint64_t>(axis));
  }
  for (const AllowInPlace& a : in_place_) {
    add_nodes({a.node});
    b.add(static_cast<uint64_t>(a.input)).add(static_cast<uint64_t>(a.output));
  }
  b.add(memory_options_);
  return b.finish();
}

}  // namespace kasuri
