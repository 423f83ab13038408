#include "engine/backend/cpu/group_request.h"

#include <algorithm>
#include <set>

namespace kasuri::cpu {

KernelRequest request_for_members(const Graph& graph, std::span<const NodeId> members) {
  KernelRequest request;
  request.graph = &graph;
  request.members.assign(members.begin(), members.end());
  const std::set<NodeId> inside(members.begin(), members.end());
  std::set<ValueId> seen;
  for (NodeId id : members) {
    const Node& node = graph.node(id);
    for (ValueId in : node.inputs)
      if (in.valid() && !inside.contains(graph.value(in).producer) && seen.insert(in).second)
        request.inputs.push_back(in);
    for (ValueId out : node.outputs) {
      if (!out.valid()) continue;
      const auto& readers = graph.value(out).consumers;
      const bool outside = std::any_of(readers.begin(), readers.end(),
                                       [&](NodeId r) { return !inside.contains(r); });
      if (outside || graph.is_output(out) || readers.empty()) request.outputs.push_back(out);
    }
  }
  request.input_layouts.resize(request.inputs.size());
  request.output_layouts.resize(request.outputs.size());
  return request;
}

}  // namespace kasuri::cpu
