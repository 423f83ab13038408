#pragma once

#include "engine/rewrite/pass_manager.h"

namespace kasuri::testing {

/// Computes nothing, allows nothing.
class Nobody : public Evaluator, public Legality, public CostModel {
 public:
  Result<std::vector<RuntimeValue>> evaluate(const Graph&, const Node&,
                                             std::span<const RuntimeValue>) const override {
    return Error("nobody computes");
  }
  std::optional<std::string> why_no_nest(const Graph&, const Node&) const override { return "no"; }
  bool is_view(const Graph&, const Node&) const override { return false; }
  std::optional<std::string> why_not_one_kernel(const Graph&,
                                                std::span<const NodeId>) const override {
    return "no";
  }
  double kernel_ns(const Graph&, std::span<const NodeId>) const override { return 1; }
};

/// Removes nodes of one operator; declines the node named "keep".
class Remove : public Rule {
 public:
  Remove(std::string name, std::string op, bool on = true, Fidelity fidelity = Fidelity::kExact)
      : Rule({.name = std::move(name),
              .law = "op(x) = x",
              .fidelity = fidelity,
              .on_by_default = on}),
        op_(std::move(op)) {}
  Match match(const Scene& scene, NodeId id) const override {
    const Node& node = scene.graph.node(id);
    if (!node.is(op_)) return NotHere{};
    KASURI_DECLINE_UNLESS(node.name != "keep", "it is to be kept");
    GraphPatch patch(scene.graph, "without " + op_);
    patch.replace_value(node.output(0), node.input(0));
    patch.remove_node(id);
    return Proposal{.patch = std::move(patch)};
  }

 private:
  std::string op_;
};

/// "tidy" removes Neg (default) and Abs (off by default); "loose" is off by default.
inline PassList small_catalogue() {
  return {{.name = "tidy",
           .rules = {std::make_shared<Remove>("RemoveNeg", "Neg"),
                     std::make_shared<Remove>("RemoveAbs", "Abs", false)}},
          {.name = "loose",
           .on_by_default = false,
           .rules = {std::make_shared<Remove>("RemoveExp", "Exp", true, Fidelity::kApproximate)}}};
}

/// x -> op -> op -> ... -> y, nodes named after `names`.
inline Graph chain(const std::vector<std::pair<std::string, std::string>>& ops) {
  GraphBuilder b;
  b.opset("", 17);
  ValueId v = b.input("x", ValueType::tensor(DataType::kFloat, Shape{4}));
  for (const auto& [op, name] : ops) v = b.add({"", op}, name, {v})[0];
  b.output("y", b.add({"", "Relu"}, "last", {v})[0]);
  return *b.take();
}

inline std::string text_of(const Graph& graph) {
  std::string text;
  for (NodeId id : graph.topological_order()) text += graph.node(id).name + " ";
  return text;
}

}  // namespace kasuri::testing
