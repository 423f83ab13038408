#include "engine/backend/cpu/contraction_match.h"

#include <algorithm>
#include <set>

#include "engine/backend/cpu/epilogue_match.h"
#include "engine/backend/cpu/quantized_epilogue.h"

namespace kasuri::cpu {
namespace {

Error declined(const Node& node, const std::string& reason) {
  return Error::unavailable("'" + node.name + "' (" + node.op.text() + "): " + reason);
}

/// Operands in front of the root, seen through absorbed views.
class OperandResolver {
 public:
  explicit OperandResolver(const KernelRequest& request) : request_(request) {}

  Result<StridedView> resolve(ValueId value) const {
    const auto at = std::find(request_.inputs.begin(), request_.inputs.end(), value);
    if (at != request_.inputs.end())
      return whole_view(*request_.graph, value,
                        request_.input_layouts[static_cast<size_t>(at - request_.inputs.begin())]);
    const NodeId producer = request_.graph->value(value).producer;
    if (!producer.valid()) return Error::unavailable("an operand is not given");
    const Node& node = request_.graph->node(producer);
    KASURI_TRY(StridedView inner, resolve(node.input(0)));
    std::string why;
    const size_t output = static_cast<size_t>(
        std::find(node.outputs.begin(), node.outputs.end(), value) - node.outputs.begin());
    auto view = through(*request_.graph, node, output, inner, why);
    if (!view) return Error::unavailable(why);
    return *view;
  }

 private:
  const KernelRequest& request_;
};

std::optional<std::string> unusable_types(const KernelRequest& request, const Node& root) {
  const Graph& graph = *request.graph;
  const auto check = [&](ValueId id) -> std::optional<std::string> {
    if (!id.valid()) return std::nullopt;
    const ValueType& type = graph.value(id).type;
    if (!type.is_static_tensor()) return "shape of '" + graph.value(id).name + "' is not known";
    if (type.dtype != DataType::kFloat)
      return "contractions in " + std::string(name_of(type.dtype)) + " run in the reference";
    for (int64_t e : extents_of_value(graph, id))
      if (e == 0) return "'" + graph.value(id).name + "' has no elements";
    return std::nullopt;
  };
  for (ValueId id : root.inputs)
    if (auto why = check(id)) return why;
  return check(root.output(0));
}

void swap_last_two(StridedView& view) {
  const size_t n = view.extents.size();
  std::swap(view.extents[n - 1], view.extents[n - 2]);
  std::swap(view.strides[n - 1], view.strides[n - 2]);
}

Status find_members(const KernelRequest& request, ContractionMatch& match) {
  for (NodeId id : request.members)
    if (is_contraction(request.graph->node(id))) {
      if (match.root.valid())
        return declined(request.graph->node(id), "a second contraction in one kernel");
      match.root = id;
    }
  if (!match.root.valid()) return Error::unavailable("no contraction in the group");
  std::set<ValueId> behind(request.graph->node(match.root).outputs.begin(),
                           request.graph->node(match.root).outputs.end());
  for (NodeId id : request.members) {
    const Node& node = request.graph->node(id);
    const bool follows = std::any_of(node.inputs.begin(), node.inputs.end(),
                                     [&](ValueId in) { return in.valid() && behind.contains(in); });
    if (!follows) continue;
    match.after.push_back(id);
    behind.insert(node.outputs.begin(), node.outputs.end());
  }
  return ok_status();
}

Status check_pads(const Graph& graph, const Node& root) {
  const size_t rank = extents_of_value(graph, root.input(0)).size();
  if (rank < 3 || rank > 5) return declined(root, "only 1, 2 and 3 spatial axes");
  if (root.is("ConvTranspose") && !root.get_ints("output_shape").empty())
    return declined(root, "output_shape");
  for (int64_t pad : root.get_ints("pads"))
    if (pad < 0) return declined(root, "negative padding");
  if (!root.is("ConvTranspose") || !root.get_string("auto_pad", "NOTSET").starts_with("SAME"))
    return ok_status();
  const std::vector<int64_t> ones(rank - 2, 1), zeros(rank - 2, 0);
  const auto kernel = extents_of_value(graph, root.input(1));
  const auto strides = root.get_ints("strides", ones), dilations = root.get_ints("dilations", ones);
  const auto extra = root.get_ints("output_padding", zeros);
  for (size_t k = 0; k + 2 < rank; ++k)
    if ((kernel[k + 2] - 1) * dilations[k] + 1 + extra[k] < strides[k])
      return declined(root, "negative padding");
  return ok_status();
}

}  // namespace

bool is_contraction(const Node& node) {
  return node.is("MatMul") || node.is("Gemm") || is_convolution(node) ||
         is_integer_contraction(node);
}

std::vector<NodeId> ContractionMatch::rest(size_t posts) const {
  std::set<NodeId> covered;
  for (size_t k = 0; k < posts; ++k)
    covered.insert(epilogue[k].nodes.begin(), epilogue[k].nodes.end());
  std::vector<NodeId> left;
  for (NodeId id : after)
    if (!covered.contains(id)) left.push_back(id);
  return left;
}

Result<ContractionMatch> match_contraction(const KernelRequest& request) {
  ContractionMatch match;
  KASURI_RETURN_IF_ERROR(find_members(request, match));
  const Graph& graph = *request.graph;
  const Node& root = graph.node(match.root);
  const bool quantized = reads_codes(request, root);
  if (quantized) {
    auto terms = quantized_terms(request, root);
    if (!terms.ok()) return declined(root, terms.error().text());
    match.quantized = std::move(*terms);
  } else if (auto why = unusable_types(request, root)) {
    return declined(root, *why);
  }
  if (is_convolution(root)) KASURI_RETURN_IF_ERROR(check_pads(graph, root));
  const OperandResolver resolver(request);
  KASURI_TRY(match.a, resolver.resolve(quantized ? match.quantized->source : root.input(0)));
  KASURI_TRY(match.b, resolver.resolve(quantized ? match.quantized->weights : root.input(1)));
  if (!quantized && root.input(2).valid()) {
    KASURI_TRY(match.c, resolver.resolve(root.input(2)));
  }
  if (root.is("Gemm") && root.get_int("transA", 0) != 0) swap_last_two(match.a);
  if (root.is("Gemm") && root.get_int("transB", 0) != 0) swap_last_two(match.b);
  const auto operand = [&](ValueId value) {
    const auto view = resolver.resolve(value);
    return view.ok() ? std::optional(*view) : std::nullopt;
  };
  match.epilogue = quantized ? match_quantized_epilogue(request, match.after, root, operand)
                             : match_epilogue(request, match.after, root.output(0), operand);
  return match;
}

std::optional<StridedView> output_view(const KernelRequest& request,
                                       const std::vector<NodeId>& rest, ValueId value) {
  if (request.outputs.size() != 1) return std::nullopt;
  const Graph& graph = *request.graph;
  StridedView view = whole_view(graph, request.outputs[0], request.output_layouts[0]);
  ValueId at = request.outputs[0];
  for (size_t k = rest.size(); k-- > 0;) {
    const Node& node = graph.node(rest[k]);
    std::string why;
    if (node.outputs.size() != 1 || node.output(0) != at || !node.input(0).valid())
      return std::nullopt;
    auto before = back_through(graph, node, view, why);
    if (!before) return std::nullopt;
    view = std::move(*before);
    at = node.input(0);
  }
  return at == value ? std::optional(view) : std::nullopt;
}

}  // namespace kasuri::cpu
