#include "passes/simplify/take_slice.h"

#include <algorithm>

#include "engine/rewrite/pattern.h"

namespace kasuri {

TakeSlice::TakeSlice()
    : Rule({.name = "TakeSlice", .law = "gather(x, c) = reshape(slice(x, c, c + 1))"}) {}

Match TakeSlice::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& gather = graph.node(id);
  if (!gather.is("Gather")) return NotHere{};
  const auto index = integers_of(graph, gather.input(1));
  if (!index || index->size() != 1 || graph.value(gather.input(0)).is_constant()) return NotHere{};
  const auto in = static_extents(graph, gather.input(0)),
             out = static_extents(graph, gather.output(0));
  KASURI_DECLINE_UNLESS(in && out, "a shape is not static");
  KASURI_DECLINE_UNLESS(std::find(out->begin(), out->end(), 0) == out->end(), "an extent is 0");
  KASURI_DECLINE_UNLESS(gather.opset >= 10, "Slice of this opset takes no inputs");
  KASURI_DECLINE_UNLESS(!is_captured(graph, gather.output(0)), "a body reads its output by name");
  const auto rank = static_cast<int64_t>(in->size());
  int64_t axis = gather.get_int("axis", 0);
  if (axis < 0) axis += rank;
  const int64_t at = (*index)[0] < 0 ? (*index)[0] + (*in)[axis] : (*index)[0];
  KASURI_DECLINE_UNLESS(at >= 0 && at < (*in)[axis], "the index is out of range");
  GraphPatch patch(graph, "Gather of one index");
  const auto number = [&](const std::string& what, std::vector<int64_t> v) {
    const auto count = static_cast<int64_t>(v.size());
    return patch.add_constant(fresh_name(graph, gather.name + what),
                              Tensor::of<int64_t>({count}, v));
  };
  std::vector<int64_t> part = *in;
  part[axis] = 1;
  Node node;
  node.op = {"", "Slice"};
  node.opset = gather.opset;
  node.name = fresh_name(graph, gather.name + "_slice");
  node.inputs = {gather.input(0), number("_from", {at}), number("_to", {at + 1}),
                 number("_axis", {axis})};
  node.provenance = gather.provenance;
  const DataType dtype = graph.value(gather.output(0)).type.dtype;
  const NodeId slice = patch.add_node(node, {ValueType::tensor(dtype, shape_of(part))});
  node.op.name = "Reshape";
  node.name = fresh_name(graph, gather.name + "_reshape");
  node.inputs = {patch.output_of(slice, 0), number("_shape", *out)};
  const NodeId reshape = patch.add_node(node, {graph.value(gather.output(0)).type});
  patch.replace_value(gather.output(0), patch.output_of(reshape, 0));
  patch.remove_node(id);
  return Proposal{.patch = std::move(patch)};
}

}  // namespace kasuri
