#include "engine/backend/cpu/recurrent_match.h"

#include <algorithm>

namespace kasuri::cpu {
namespace {

using Kind = RecurrentShape::Kind;

std::optional<std::vector<int64_t>> float_extents(const Graph& graph, ValueId id) {
  if (!id.valid()) return std::nullopt;
  const ValueType& type = graph.value(id).type;
  if (!type.is_static_tensor() || type.dtype != DataType::kFloat) return std::nullopt;
  return extents_of(*type.shape);
}

/// The activations are the operator's own, in every direction.
bool has_usual_activations(const Node& node, std::vector<std::string> usual) {
  const Attribute* attribute = node.find("activations");
  if (attribute == nullptr) return true;
  const auto* given = std::get_if<std::vector<std::string>>(attribute);
  if (given == nullptr || given->empty() || given->size() % usual.size() != 0) return false;
  for (size_t k = 0; k < given->size(); ++k) {
    std::string lower = (*given)[k];
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return static_cast<char>(std::tolower(c)); });
    if (lower != usual[k % usual.size()]) return false;
  }
  return true;
}

bool covers_all_steps(const Graph& graph, const Node& node, int64_t steps) {
  const Tensor* lengths = graph.constant_input(node, 4);
  if (lengths == nullptr || lengths->dtype() != DataType::kInt32) return false;
  const auto values = lengths->data<int32_t>();
  return std::all_of(values.begin(), values.end(), [&](int32_t n) { return n == steps; });
}

std::optional<std::string> unusual(const Graph& graph, const Node& node, int64_t steps) {
  if (node.get_int("layout", 0) != 0) return "batch-first layout";
  if (node.has("clip")) return "clipping";
  if (node.get_int("input_forget", 0) != 0) return "coupled input and forget gates";
  if (node.is("LSTM") && node.input(7).valid()) return "peepholes";
  if (node.input(4).valid() && !covers_all_steps(graph, node, steps)) return "sequence lengths";
  for (size_t k : {1, 2, 3})
    if (node.input(k).valid() && graph.constant_input(node, k) == nullptr)
      return "weights that are not constant";
  return std::nullopt;
}

std::optional<Kind> kind_of(const Node& node) {
  if (node.is("LSTM"))
    return has_usual_activations(node, {"sigmoid", "tanh", "tanh"}) ? std::optional(Kind::kLstm)
                                                                    : std::nullopt;
  if (node.is("GRU")) {
    if (!has_usual_activations(node, {"sigmoid", "tanh"})) return std::nullopt;
    return node.get_int("linear_before_reset", 0) != 0 ? Kind::kGruLinear : Kind::kGru;
  }
  if (has_usual_activations(node, {"tanh"})) return Kind::kRnnTanh;
  if (has_usual_activations(node, {"relu"})) return Kind::kRnnRelu;
  return std::nullopt;
}

}  // namespace

bool is_recurrent(const Node& node) { return node.is("LSTM") || node.is("GRU") || node.is("RNN"); }

Result<RecurrentShape> match_recurrent(const KernelRequest& request) {
  const Graph& graph = *request.graph;
  const Node& node = graph.node(request.members.at(0));
  const auto declined = [&](const std::string& reason) {
    return Error::unavailable(node.op.text() + " with " + reason + " runs in the reference");
  };
  const auto x = float_extents(graph, node.input(0)), w = float_extents(graph, node.input(1)),
             r = float_extents(graph, node.input(2));
  if (!x || !w || !r || x->size() != 3 || w->size() != 3 || r->size() != 3)
    return declined("shapes or types that are not float32 and known");
  for (const OperandLayout& layout : request.input_layouts)
    if (!layout.axis_order.empty()) return declined("operands that are not row-major");
  for (const OperandLayout& layout : request.output_layouts)
    if (!layout.axis_order.empty()) return declined("results that are not row-major");
  if (auto why = unusual(graph, node, (*x)[0])) return declined(*why);
  const auto kind = kind_of(node);
  if (!kind) return declined("other activations");
  RecurrentShape shape;
  shape.kind = *kind;
  shape.steps = (*x)[0];
  shape.batch = (*x)[1];
  shape.input = (*x)[2];
  shape.hidden = (*r)[2];
  shape.directions = (*w)[0];
  shape.gates = node.is("LSTM") ? 4 : node.is("GRU") ? 3 : 1;
  shape.reverse_first = node.get_string("direction", "forward") == "reverse";
  if (shape.steps * shape.batch * shape.input * shape.hidden == 0)
    return declined("an extent of 0");
  if ((*w)[1] != shape.gates * shape.hidden || (*r)[1] != shape.gates * shape.hidden ||
      (*w)[2] != shape.input || (*r)[0] != shape.directions)
    return declined("weights of other extents");
  return shape;
}

}  // namespace kasuri::cpu
