#pragma once

#include <algorithm>

#include "engine/backend/reference/reference_backend.h"
#include "engine/rewrite/pattern.h"
#include "engine/rewrite/services.h"

namespace kasuri::testing {

/// An engine that can put anything into a nest: what rules decide by themselves becomes visible.
class WillingEngine : public Legality, public CostModel {
 public:
  std::optional<std::string> why_no_nest(const Graph&, const Node& node) const override {
    if (is_contraction(node) || has_body(node)) return "not a nest";
    return std::nullopt;
  }
  bool is_view(const Graph&, const Node& node) const override {
    return is_any_of(node, {"Transpose", "Reshape", "Slice", "Split", "Squeeze", "Unsqueeze",
                            "Expand", "Flatten", "DepthToSpace", "SpaceToDepth"});
  }
  std::optional<std::string> why_not_one_kernel(const Graph&,
                                                std::span<const NodeId>) const override {
    return refusal;
  }
  /// Bytes in and out of the kernel, and a launch.
  double kernel_ns(const Graph& graph, std::span<const NodeId> members) const override {
    double bytes = 1000;
    for (NodeId id : members) {
      const Node& n = graph.node(id);
      for (ValueId in : n.inputs)
        if (in.valid() && !inside(graph, graph.value(in).producer, members))
          bytes += static_cast<double>(bytes_of(graph, in));
      for (ValueId out : n.outputs)
        for (NodeId reader : graph.value(out).consumers)
          if (!inside(graph, reader, members)) bytes += static_cast<double>(bytes_of(graph, out));
    }
    return bytes / 10;
  }

  std::optional<std::string> refusal;  ///< Answer of why_not_one_kernel().

 private:
  static bool inside(const Graph&, NodeId id, std::span<const NodeId> members) {
    return std::find(members.begin(), members.end(), id) != members.end();
  }
};

/// Services for tests: reference kernels and the willing engine.
struct TestServices {
  ReferenceBackend reference{0};
  WillingEngine engine;
  Services services{reference, engine, engine};
};

}  // namespace kasuri::testing
