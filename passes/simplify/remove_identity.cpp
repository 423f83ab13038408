#include "passes/simplify/remove_identity.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

bool is_identity_order(const std::vector<int64_t>& perm) {
  for (size_t i = 0; i < perm.size(); ++i)
    if (perm[i] != static_cast<int64_t>(i)) return false;
  return !perm.empty();
}

bool all_equal(const std::optional<std::vector<int64_t>>& values, int64_t wanted) {
  return values &&
         std::all_of(values->begin(), values->end(), [=](int64_t v) { return v == wanted; });
}

bool is_neutral(const Graph& graph, const Node& node, size_t constant_at) {
  const auto c = scalar_of(graph, node.input(constant_at));
  if (!c) return false;
  const bool right = constant_at == 1;
  if (node.is("Mul")) return *c == 1;
  if (node.is("Div") || node.is("Pow")) return right && *c == 1;
  if (node.is("Sub")) return right && *c == 0 && !std::signbit(*c);
  const auto dtype = dtype_of(graph, node.output(0));
  return node.is("Add") && *c == 0 && (std::signbit(*c) || (dtype && is_integer(*dtype)));
}

/// A Dropout that drops nothing: its training mode is absent or a constant false.
bool never_trains(const Graph& graph, const Node& node) {
  const ValueId mode = node.input(2);
  if (!mode.valid()) return true;
  const auto& constant = graph.value(mode).constant;
  return constant && constant->dtype() == DataType::kBool && constant->count() == 1 &&
         constant->data<uint8_t>()[0] == 0;
}

/// The input that the node passes on unchanged, if its type says nothing against it.
std::optional<size_t> passed_on(const Graph& graph, const Node& node) {
  if (is_any_of(node, {"Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast", "CastLike",
                       "Expand"}))
    return 0;
  if (node.is("Dropout") && never_trains(graph, node)) return 0;
  if (node.is("Transpose") && is_identity_order(node.get_ints("perm"))) return 0;
  if (node.is("Tile") && all_equal(integers_of(graph, node.input(1)), 1)) return 0;
  if (node.is("Pad") && all_equal(integers_of(graph, node, "pads", 1), 0)) return 0;
  if (node.is("Slice") &&
      (!node.input(4).valid() || all_equal(integers_of(graph, node.input(4)), 1)))
    return 0;
  if (is_any_of(node, {"Concat", "Sum", "Max", "Min", "Mean"}) && node.inputs.size() == 1) return 0;
  if (is_any_of(node, {"Mul", "Div", "Pow", "Sub", "Add"}))
    for (size_t i : {0, 1})
      if (is_neutral(graph, node, i)) return 1 - i;
  return std::nullopt;
}

}  // namespace

RemoveIdentity::RemoveIdentity()
    : Rule({.name = "RemoveIdentity", .law = "id(x) = x;  x * 1 = x;  x - 0 = x"}) {}

Match RemoveIdentity::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& node = graph.node(id);
  const auto kept = passed_on(graph, node);
  if (!kept) return NotHere{};
  const ValueId in = node.input(*kept), out = node.output(0);
  const bool generic = node.is("Identity") || node.is("Dropout");
  if (!in.valid() || !out.valid()) return NotHere{};
  if (!same_type(graph, in, out) && !(generic && graph.value(in).type == graph.value(out).type))
    return NotHere{};
  KASURI_DECLINE_UNLESS(!node.output(1).valid() || graph.value(node.output(1)).consumers.empty(),
                        "its second output is read");
  KASURI_DECLINE_UNLESS(!is_captured(graph, out), "a body reads its output by name");
  KASURI_DECLINE_UNLESS(!graph.is_output(out) || (producer_of(graph, in) && !graph.is_output(in)),
                        "a graph output needs a value of its own");
  GraphPatch patch(graph, node.op.name + " that changes nothing");
  patch.replace_value(out, in);
  patch.remove_node(id);
  return Proposal{.patch = std::move(patch)};
}

}  // namespace kasuri
