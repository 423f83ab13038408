#include "engine/backend/cpu/quantized_epilogue.h"

#include <algorithm>

#include "engine/backend/cpu/epilogue_match.h"

namespace kasuri::cpu {
namespace {

/// The one member behind the root that reads `value`, when nothing outside does.
const Node* only_reader(const KernelRequest& request, const std::vector<NodeId>& after,
                        ValueId value) {
  if (std::find(request.outputs.begin(), request.outputs.end(), value) != request.outputs.end())
    return nullptr;
  const Node* reader = nullptr;
  for (NodeId id : after) {
    const Node& node = request.graph->node(id);
    if (std::find(node.inputs.begin(), node.inputs.end(), value) == node.inputs.end()) continue;
    if (reader != nullptr) return nullptr;
    reader = &node;
  }
  return reader;
}

EpilogueOp step(PostKind kind, const Node& node) {
  EpilogueOp op;
  op.form.kind = kind;
  op.nodes = {node.id};
  op.result = node.outputs[0];
  return op;
}

}  // namespace

std::vector<EpilogueOp> match_quantized_epilogue(
    const KernelRequest& request, const std::vector<NodeId>& after, const Node& root,
    const std::function<std::optional<StridedView>(ValueId)>& operand) {
  const Graph& graph = *request.graph;
  const auto type_of = [&](ValueId id) { return graph.value(id).type.dtype; };
  std::vector<EpilogueOp> ops;
  ValueId value = root.output(0);
  if (type_of(value) == DataType::kInt32) {
    const Node* cast = only_reader(request, after, value);
    if (cast == nullptr || !cast->is("Cast") || type_of(cast->output(0)) != DataType::kFloat)
      return ops;
    ops.push_back(step(PostKind::kCast, *cast));
    value = cast->output(0);
  }
  if (type_of(value) != DataType::kFloat) return ops;
  for (EpilogueOp& op : match_epilogue(request, after, value, operand)) {
    value = op.result;
    ops.push_back(std::move(op));
  }
  const Node* last = only_reader(request, after, value);
  if (last == nullptr || last->input(0) != value) return ops;
  if (const auto codes = stored_codes(graph, *last)) {
    ops.push_back(step(PostKind::kQuantize, *last));
    ops.back().form.alpha = codes->scale;
    ops.back().form.beta = static_cast<float>(codes->zero);
  }
  return ops;
}

}  // namespace kasuri::cpu
