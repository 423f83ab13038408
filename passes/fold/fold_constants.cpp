#include "passes/fold/fold_constants.h"

#include <algorithm>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

constexpr int64_t kLargeResult = int64_t{64} << 20;
constexpr int64_t kMaxGrowth = 4;
constexpr int64_t kSmallInputs = int64_t{1} << 20;

/// Shape and Size need the type of their input, not its value.
std::optional<Tensor> fold_shape(const Graph& graph, const Node& node) {
  if (!is_any_of(node, {"Shape", "Size"})) return std::nullopt;
  const auto extents = static_extents(graph, node.input(0));
  if (!extents) return std::nullopt;
  if (node.is("Size")) {
    const auto count = element_count(*extents);
    return count ? std::optional(Tensor::scalar<int64_t>(*count)) : std::nullopt;
  }
  const auto rank = static_cast<int64_t>(extents->size());
  const auto clamp = [rank](int64_t i) {
    return std::clamp<int64_t>(i < 0 ? i + rank : i, 0, rank);
  };
  const int64_t start = clamp(node.get_int("start", 0));
  const int64_t end = std::max(start, clamp(node.get_int("end", rank)));
  std::vector<int64_t> part(extents->begin() + start, extents->begin() + end);
  return Tensor::of<int64_t>({end - start}, part);
}

bool inputs_are_constant(const Graph& graph, const Node& node) {
  return std::all_of(node.inputs.begin(), node.inputs.end(),
                     [&](ValueId id) { return !id.valid() || graph.value(id).is_constant(); });
}

int64_t input_bytes(const Graph& graph, const Node& node) {
  int64_t total = 0;
  for (ValueId id : node.inputs)
    if (id.valid()) total += static_cast<int64_t>(graph.value(id).constant->bytes().size());
  return total;
}

/// Why the result had better be computed while running; empty: fold it.
std::optional<std::string> why_too_large(const Graph& graph, const Node& node) {
  const int64_t in = input_bytes(graph, node);
  int64_t out = 0;
  bool known = true;
  for (ValueId id : node.outputs) {
    if (!id.valid()) continue;
    known &= graph.value(id).type.is_static_tensor();
    out += bytes_of(graph, id);
  }
  if (!known && in > kSmallInputs) return "the size of its result is not known beforehand";
  if (!known && is_any_of(node, {"ConstantOfShape", "Expand", "Tile", "Range", "Pad", "Resize"}))
    return "the size of its result is not known beforehand";
  if (out > kLargeResult && out > kMaxGrowth * in)
    return "its result would be " + std::to_string(out >> 20) +
           " MiB, more than four times its inputs";
  return std::nullopt;
}

/// 8-bit weights that only contractions over quantised data read.
bool holds_codes(const Graph& graph, const Node& node) {
  if (!node.is("DequantizeLinear") || !inputs_are_constant(graph, node)) return false;
  const auto type = dtype_of(graph, node.input(0));
  if (type != DataType::kInt8 && type != DataType::kUint8) return false;
  const ValueId value = node.output(0);
  const auto& readers = graph.value(value).consumers;
  return !readers.empty() && !graph.is_output(value) &&
         std::all_of(readers.begin(), readers.end(), [&](NodeId id) {
           const Node& reader = graph.node(id);
           return is_any_of(reader, {"Conv", "MatMul", "Gemm"}) && reader.input(1) == value &&
                  producer_if(graph, reader.input(0), "DequantizeLinear") != nullptr;
         });
}

Match replace_by(const Graph& graph, const Node& node, std::vector<Tensor> results) {
  GraphPatch patch(graph, node.op.name + " of constants");
  for (size_t i = 0; i < node.outputs.size(); ++i)
    if (node.outputs[i].valid()) patch.set_constant(node.outputs[i], std::move(results[i]));
  patch.remove_node(node.id);
  return Proposal{.patch = std::move(patch)};
}

}  // namespace

FoldConstants::FoldConstants()
    : Rule({.name = "FoldConstants", .law = "f(c1, c2, ...) = c;  shape(x) = c for static x"}) {}

Match FoldConstants::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& node = graph.node(id);
  if (auto shape = fold_shape(graph, node)) return replace_by(graph, node, {*std::move(shape)});
  KASURI_DECLINE_UNLESS(!holds_codes(graph, node),
                        "its 8-bit weights are kept until kernels over codes are formed");
  return fold_node(scene, node);
}

Match fold_node(const Scene& scene, const Node& node) {
  const Graph& graph = scene.graph;
  if (!inputs_are_constant(graph, node)) return NotHere{};
  KASURI_DECLINE_UNLESS(!is_random(node), "its results are random");
  KASURI_DECLINE_UNLESS(!has_body(node), "control flow is not evaluated beforehand");
  if (auto reason = why_too_large(graph, node)) return Declined{*std::move(reason)};
  std::vector<RuntimeValue> inputs;
  for (ValueId in : node.inputs)
    inputs.push_back(in.valid() ? RuntimeValue(*graph.value(in).constant) : RuntimeValue());
  const auto results = scene.services.evaluator.evaluate(graph, node, inputs);
  if (!results.ok()) return Declined{"it cannot be evaluated: " + results.error().text()};
  std::vector<Tensor> tensors;
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    const bool wanted = node.outputs[i].valid();
    KASURI_DECLINE_UNLESS(!wanted || (i < results->size() && (*results)[i].is_tensor()),
                          "its result is not a tensor");
    tensors.push_back(wanted ? (*results)[i].tensor() : Tensor());
  }
  return replace_by(graph, node, std::move(tensors));
}

}  // namespace kasuri
