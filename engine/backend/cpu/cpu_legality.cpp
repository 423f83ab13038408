#include "engine/backend/cpu/cpu_legality.h"

#include <algorithm>

#include "engine/backend/cpu/contraction_kernel.h"
#include "engine/backend/cpu/contraction_match.h"
#include "engine/backend/cpu/group_request.h"
#include "engine/lower/lowering.h"

namespace kasuri::cpu {
namespace {

int64_t count_of(const Graph& graph, ValueId id) {
  const auto& shape = graph.value(id).type.shape;
  const auto extents = shape ? extents_of(*shape) : std::nullopt;
  return extents ? element_count(*extents).value_or(0) : 0;
}

/// One value per element of the output from elements in the same place?
bool is_elementwise(const Graph& graph, const Node& node) {
  const KernelRequest request = request_for_members(graph, std::vector<NodeId>{node.id});
  const auto nest = lower::lower_group(graph, request.members, request.inputs, request.outputs);
  return nest.ok() && nest->stages.size() == 1 && nest->stages[0].kind == loops::StageKind::kMap &&
         !lower::is_view(graph, node);
}

std::optional<std::string> why_not_epilogue(const Graph& graph, const ContractionMatch& match) {
  const auto root_extents = extents_of_value(graph, graph.node(match.root).outputs[0]);
  bool views_began = false;
  for (NodeId id : match.after) {
    const Node& node = graph.node(id);
    if (lower::is_view(graph, node)) {
      views_began = true;
      continue;
    }
    if (views_began)
      return "'" + node.name + "' computes behind a view of the contraction's result";
    if (!is_elementwise(graph, node))
      return "'" + node.name + "' (" + node.op.text() + ") is not elementwise";
    if (extents_of_value(graph, node.output(0)) != root_extents)
      return "'" + node.name + "' changes the shape of the contraction's result";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> CpuLegality::why_no_nest(const Graph& graph, const Node& node) const {
  if (is_contraction(node)) return node.op.text() + ": a contraction";
  return lower::why_not(graph, node);
}

bool CpuLegality::is_view(const Graph& graph, const Node& node) const {
  return lower::is_view(graph, node);
}

std::optional<std::string> CpuLegality::why_not_one_kernel(const Graph& graph,
                                                           std::span<const NodeId> members) const {
  const bool contracts = std::any_of(members.begin(), members.end(),
                                     [&](NodeId id) { return is_contraction(graph.node(id)); });
  if (!contracts) {
    for (NodeId id : members)
      if (auto why = why_no_nest(graph, graph.node(id))) return why;
    return std::nullopt;
  }
  const KernelRequest request = request_for_members(graph, members);
  if (auto why = why_not_contraction(request)) return why;
  const auto match = match_contraction(request);
  return match.ok() ? why_not_epilogue(graph, *match) : match.error().text();
}

double CpuCostModel::kernel_ns(const Graph& graph, std::span<const NodeId> members) const {
  constexpr double kLaunch = 1500, kBytesPerNs = 12, kContractionPerNs = 120, kElementsPerNs = 4;
  const KernelRequest request = request_for_members(graph, members);
  double bytes = 0, compute = 0;
  for (const auto* values : {&request.inputs, &request.outputs})
    for (ValueId id : *values)
      bytes += static_cast<double>(bytes_for(graph.value(id).type.dtype, count_of(graph, id)));
  for (NodeId id : members) {
    const Node& node = graph.node(id);
    const ValueId weights = node.input(node.op.name.starts_with("QLinear") ? 3 : 1);
    if (is_contraction(node) && weights.valid() && count_of(graph, weights) > 0) {
      const auto& shape = graph.value(weights).type.shape;
      const auto w = extents_of(*shape).value_or(std::vector<int64_t>{1});
      const double columns =
          static_cast<double>(is_convolution(node) ? w.front() : std::max<int64_t>(1, w.back()));
      compute += 2.0 * static_cast<double>(count_of(graph, node.output(0))) *
                 static_cast<double>(count_of(graph, weights)) / columns / kContractionPerNs;
    } else if (!lower::is_view(graph, node)) {
      compute += static_cast<double>(count_of(graph, node.output(0))) / kElementsPerNs;
    }
  }
  return kLaunch + std::max(bytes / kBytesPerNs, compute);
}

}  // namespace kasuri::cpu
