#include "passes/fuse/region.h"

#include <algorithm>
#include <queue>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

constexpr size_t kLongestBundle = 12;

/// The nodes that run together with this one.
std::vector<NodeId> unit_of(const PlanDecisions& decisions, NodeId node) {
  const Group* group = decisions.group_of(node);
  return group ? group->nodes : std::vector<NodeId>{node};
}

/// The largest rank from which a walk forward can still come back to ranks up to `start`: groups
/// that begin before it and end after it carry the walk back.
int64_t last_rank_that_returns(const Graph& graph, const PlanDecisions& decisions, int64_t start) {
  std::vector<std::pair<int64_t, int64_t>> spans;
  for (const Group* group : decisions.groups()) {
    int64_t low = INT64_MAX, high = 0;
    for (NodeId id : group->nodes) {
      low = std::min(low, graph.rank(id));
      high = std::max(high, graph.rank(id));
    }
    if (high > start) spans.emplace_back(low, high);
  }
  std::sort(spans.begin(), spans.end());
  int64_t limit = start;
  for (const auto& [low, high] : spans) {
    if (low > limit) break;
    limit = std::max(limit, high);
  }
  return limit;
}

}  // namespace

void Region::add(const Group& group) {
  members_.insert(group.nodes.begin(), group.nodes.end());
  absorbed_.insert(group.absorbed.begin(), group.absorbed.end());
  if (std::find(replaced_.begin(), replaced_.end(), group.id) == replaced_.end())
    replaced_.push_back(group.id);
}

std::vector<NodeId> Region::sorted(const std::set<NodeId>& nodes) const {
  std::vector<NodeId> list(nodes.begin(), nodes.end());
  std::sort(list.begin(), list.end(),
            [&](NodeId a, NodeId b) { return scene_.graph.rank(a) < scene_.graph.rank(b); });
  return list;
}

std::vector<NodeId> Region::everything() const {
  std::set<NodeId> all = members_;
  all.insert(absorbed_.begin(), absorbed_.end());
  return sorted(all);
}

std::vector<ValueId> Region::live_outs() const {
  std::vector<ValueId> live;
  for (NodeId id : members())
    for (ValueId out : scene_.graph.node(id).outputs) {
      if (!out.valid()) continue;
      const auto& readers = scene_.graph.value(out).consumers;
      const bool outside = std::any_of(readers.begin(), readers.end(), [&](NodeId r) {
        return !members_.contains(r) && !absorbed_.contains(r);
      });
      if (outside || scene_.graph.is_output(out)) live.push_back(out);
    }
  return live;
}

std::vector<ValueId> Region::live_ins() const {
  std::set<ValueId> seen;
  for (NodeId id : everything())
    for (ValueId in : scene_.graph.node(id).inputs) {
      if (!in.valid() || scene_.graph.value(in).is_constant()) continue;
      const NodeId p = scene_.graph.value(in).producer;
      if (!members_.contains(p) && !absorbed_.contains(p)) seen.insert(in);
    }
  return {seen.begin(), seen.end()};
}

bool Region::closes_cycle() const {
  const Graph& graph = scene_.graph;
  int64_t end = 0;
  for (NodeId id : members_) end = std::max(end, graph.rank(id));
  const int64_t limit = last_rank_that_returns(graph, scene_.decisions, end);
  std::set<NodeId> seen;
  std::queue<NodeId> open;
  const auto reach = [&](NodeId id) {
    if (graph.rank(id) > limit || members_.contains(id)) return;
    for (NodeId peer : unit_of(scene_.decisions, id))
      if (seen.insert(peer).second) open.push(peer);
  };
  for (NodeId id : members_)
    for (ValueId out : graph.node(id).outputs)
      if (out.valid())
        for (NodeId reader : graph.value(out).consumers) reach(reader);
  while (!open.empty()) {
    const NodeId id = open.front();
    open.pop();
    if (members_.contains(id)) return true;
    for (ValueId out : graph.node(id).outputs) {
      if (!out.valid()) continue;
      for (NodeId reader : graph.value(out).consumers) {
        if (members_.contains(reader)) return true;
        reach(reader);
      }
    }
  }
  return false;
}

Match Region::form(const std::string& kind, const Rule& rule, const Node& root) const {
  const std::vector<NodeId> all = everything();
  if (auto reason = scene_.services.legality.why_not_one_kernel(scene_.graph, all))
    return Declined{*std::move(reason)};
  KASURI_DECLINE_UNLESS(!closes_cycle(), "the kernel would wait for its own result");
  Group group;
  group.kind = kind;
  group.nodes = members();
  group.absorbed = sorted(absorbed_);
  group.rule = rule.info().name;
  group.site = site_of(rule, root);
  Proposal proposal;
  proposal.decisions.push_back(FormGroup{std::move(group), replaced_});
  return proposal;
}

std::vector<std::vector<NodeId>> closed_bundles(const Scene& scene, ValueId start, NodeId wanted) {
  std::vector<std::vector<NodeId>> bundles;
  const Graph& graph = scene.graph;
  using Entry = std::pair<int64_t, NodeId>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
  std::set<ValueId> inside{start};
  std::set<NodeId> members;
  const auto offer = [&](ValueId value) {
    for (NodeId r : graph.value(value).consumers) open.push({graph.rank(r), r});
  };
  offer(start);
  while (!open.empty() && members.size() < kLongestBundle) {
    const Node& node = graph.node(open.top().second);
    open.pop();
    if (members.contains(node.id) || !is_elementwise(node) || node.outputs.size() != 1) continue;
    const bool closed = std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId in) {
      return !in.valid() || inside.contains(in) || graph.value(in).is_constant();
    });
    if (!closed || !same_type(graph, node.output(0), start) || scene.decisions.group_of(node.id))
      continue;
    members.insert(node.id);
    inside.insert(node.output(0));
    if (members.contains(wanted) && members.size() > 1) {
      Region region(scene);
      for (NodeId id : members) region.add(id);
      if (region.live_outs() == std::vector<ValueId>{node.output(0)})
        bundles.push_back(region.members());
    }
    offer(node.output(0));
  }
  return bundles;
}

}  // namespace kasuri
