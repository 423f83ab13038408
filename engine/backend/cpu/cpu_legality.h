#pragma once

#include "engine/rewrite/services.h"

namespace kasuri::cpu {

/// What the CPU backend can put into one kernel.
class CpuLegality final : public Legality {
 public:
  std::optional<std::string> why_no_nest(const Graph& graph, const Node& node) const override;
  bool is_view(const Graph& graph, const Node& node) const override;
  std::optional<std::string> why_not_one_kernel(const Graph& graph,
                                                std::span<const NodeId> members) const override;
};

/// Roofline of one core: launch + max(operations / rate, bytes / bandwidth).
class CpuCostModel final : public CostModel {
 public:
  double kernel_ns(const Graph& graph, std::span<const NodeId> members) const override;
};

}  // namespace kasuri::cpu
