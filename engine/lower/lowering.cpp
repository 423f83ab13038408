#include "engine/lower/lowering.h"

#include <algorithm>
#include <map>

#include "engine/lower/registry.h"

namespace kasuri::lower {
namespace {

bool lowerable_type(DataType type) {
  switch (type) {
    case DataType::kFloat:
    case DataType::kDouble:
    case DataType::kFloat16:
    case DataType::kBfloat16:
    case DataType::kInt8:
    case DataType::kUint8:
    case DataType::kInt16:
    case DataType::kUint16:
    case DataType::kInt32:
    case DataType::kUint32:
    case DataType::kInt64:
    case DataType::kUint64:
    case DataType::kBool:
      return true;
    default:
      return false;
  }
}

std::optional<std::string> untyped_operand(const Graph& graph, const Node& node) {
  const auto bad = [&](ValueId id) -> std::optional<std::string> {
    if (!id.valid()) return std::nullopt;
    const Value& v = graph.value(id);
    if (!v.type.is_static_tensor()) return "the shape of '" + v.name + "' is not known";
    if (!lowerable_type(v.type.dtype))
      return "no nests over " + std::string(name_of(v.type.dtype)) + " ('" + v.name + "')";
    return std::nullopt;
  };
  for (ValueId id : node.inputs)
    if (auto why = bad(id)) return why;
  for (ValueId id : node.outputs)
    if (auto why = bad(id)) return why;
  return std::nullopt;
}

/// The buffers of a nest under construction, by graph value.
class ValueBuffers {
 public:
  ValueBuffers(const Graph& graph, loops::Nest& nest) : graph_(graph), nest_(nest) {}

  int add(ValueId id, loops::BufferRole role) {
    const Value& v = graph_.value(id);
    const int buffer = nest_.add_buffer(
        loops::make_buffer(v.name, v.type.dtype, *extents_of(*v.type.shape), role));
    buffers_[id] = buffer;
    return buffer;
  }
  int find(ValueId id) const {
    const auto it = buffers_.find(id);
    return it == buffers_.end() ? -1 : it->second;
  }

 private:
  const Graph& graph_;
  loops::Nest& nest_;
  std::map<ValueId, int> buffers_;
};

Status lower_node(const Graph& graph, const Node& node, loops::Nest& nest, ValueBuffers& buffers) {
  const Entry* entry = Registry::instance().find(node.op);
  if (entry == nullptr) return Error::unavailable(node.op.text() + ": no lowering to loops");
  if (auto why = untyped_operand(graph, node))
    return Error::unavailable(node.op.text() + ": " + *why);
  std::vector<int> inputs, outputs;
  for (ValueId id : node.inputs) {
    int buffer = id.valid() ? buffers.find(id) : -1;
    if (id.valid() && buffer < 0)
      return Error("input of '" + node.name + "' is missing in its group", ErrorKind::kInternal);
    inputs.push_back(buffer);
  }
  for (ValueId id : node.outputs) {
    int buffer = id.valid() ? buffers.find(id) : -1;
    if (id.valid() && buffer < 0) buffer = buffers.add(id, loops::BufferRole::kLocal);
    outputs.push_back(buffer);
  }
  Context context(graph, node, nest, std::move(inputs), std::move(outputs));
  KASURI_RETURN_IF_ERROR(entry->lower(context));
  if (context.misfit()) return context.declined(*context.misfit());
  return Done{};
}

}  // namespace

const Registry& Registry::instance() {
  static const Registry registry = [] {
    Registry r;
    register_all(r);
    return r;
  }();
  return registry;
}

std::optional<std::string> why_not(const Graph& graph, const Node& node) {
  std::vector<ValueId> inputs, outputs;
  for (ValueId id : node.inputs)
    if (id.valid() && std::find(inputs.begin(), inputs.end(), id) == inputs.end())
      inputs.push_back(id);
  for (ValueId id : node.outputs)
    if (id.valid()) outputs.push_back(id);
  if (auto why = untyped_operand(graph, node)) return node.op.text() + ": " + *why;
  const NodeId member[] = {node.id};
  const auto nest = lower_group(graph, member, inputs, outputs);
  if (nest.ok()) return std::nullopt;
  return nest.error().text();
}

bool is_view(const Graph& graph, const Node& node) {
  const Entry* entry = Registry::instance().find(node.op);
  return entry != nullptr && entry->movement == Movement::kView && !why_not(graph, node);
}

Result<loops::Nest> lower_group(const Graph& graph, std::span<const NodeId> members,
                                std::span<const ValueId> inputs, std::span<const ValueId> outputs) {
  loops::Nest nest;
  if (!members.empty()) nest.name = graph.node(members.back()).name;
  ValueBuffers buffers(graph, nest);
  for (ValueId id : inputs) buffers.add(id, loops::BufferRole::kInput);
  for (ValueId id : outputs) buffers.add(id, loops::BufferRole::kOutput);
  for (NodeId id : members) {
    Status status = lower_node(graph, graph.node(id), nest, buffers);
    if (!status.ok()) return std::move(status).error();
  }
  KASURI_RETURN_IF_ERROR(loops::verify(nest));
  return nest;
}

std::vector<int64_t> strides_for(const std::vector<int64_t>& extents,
                                 const std::vector<int>& axis_order) {
  if (axis_order.empty()) return contiguous_strides(extents);
  std::vector<int64_t> strides(extents.size(), 1);
  int64_t stride = 1;
  for (size_t k = axis_order.size(); k-- > 0;) {
    strides[axis_order[k]] = stride;
    stride *= extents[axis_order[k]];
  }
  return strides;
}

}  // namespace kasuri::lower
