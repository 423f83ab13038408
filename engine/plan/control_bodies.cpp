#include "engine/plan/control_bodies.h"

#include <algorithm>

#include "engine/ir/graph_patch.h"
#include "engine/ir/shape_inference.h"
#include "engine/plan/frame_layout.h"

namespace kasuri {
namespace {

/// Deeper bodies are not typed by shape inference either.
constexpr int kDeepest = 8;

PlanDecisions memory_options_of(const PlanDecisions& decisions) {
  PlanDecisions out;
  for (MemoryOption option : {MemoryOption::kAliasViews, MemoryOption::kOrderByPeak,
                              MemoryOption::kConcatInPlace, MemoryOption::kExactPlacement})
    if (decisions.enabled(option))
      KASURI_CHECK(out.apply(EnableMemory{option}).ok(), "a memory option");
  return out;
}

/// One element: [1] where the body declares a vector, else a scalar.
ValueType one_element(const Graph& body, ValueId id, DataType dtype) {
  const auto& declared = body.value(id).type.shape;
  return ValueType::tensor(dtype, declared && declared->size() == 1 ? Shape{1} : Shape{});
}

Status set_captures(const Graph& outside, const Graph& body, GraphPatch& patch) {
  for (ValueId id : body.captures()) {
    const std::string& name = body.value(id).name;
    const auto source = outside.find_value(name);
    if (!source) return Error("it reads '" + name + "', which its graph does not define");
    const Value& value = outside.value(*source);
    if (value.constant)
      patch.set_constant(id, *value.constant);
    else
      patch.set_type(id, value.type);
  }
  return ok_status();
}

/// The body as a graph that can be planned by itself.
Result<Graph> prepared(const Graph& outside, const Node& node, const Graph& source) {
  Graph body = source;
  GraphPatch patch(body, "plan a body");
  KASURI_RETURN_IF_ERROR(set_captures(outside, body, patch));
  if (node.is("Loop") && body.inputs().size() >= 2) {
    patch.set_type(body.inputs()[0], one_element(body, body.inputs()[0], DataType::kInt64));
    patch.set_type(body.inputs()[1], one_element(body, body.inputs()[1], DataType::kBool));
  }
  for (ValueId id : body.value_ids())
    if (body.value(id).producer.valid()) patch.set_type(id, ValueType{});
  KASURI_RETURN_IF_ERROR(patch.apply(body));
  return infer_graph(std::move(body));
}

bool moves_by_bytes(const PlanEntry& entry, BufferId id) {
  const PlanBuffer& buffer = entry.buffers[id.index()];
  return buffer.kind != BufferKind::kDynamic && buffer.type.is_static_tensor() &&
         bits_of(buffer.type.dtype) >= 8;
}

Status check_if(const Node& node, const PlanEntry& entry) {
  if (!entry.inputs.empty()) return Error("it declares inputs");
  if (entry.outputs.size() < node.outputs.size()) return Error("it gives too few values");
  return ok_status();
}

Status check_loop(const Node& node, const PlanEntry& entry) {
  const size_t carried = node.inputs.size() > 2 ? node.inputs.size() - 2 : 0;
  if (entry.inputs.size() != carried + 2 || entry.outputs.size() != node.outputs.size() + 1 ||
      node.outputs.size() < carried)
    return Error("its inputs and outputs do not fit the loop's");
  for (size_t i = 0; i < 2; ++i)
    if (entry.buffers[entry.inputs[i].index()].kind != BufferKind::kInput)
      return Error("its turn number or condition is no input");
  return ok_status();
}

Status check_scan(const Node& node, const PlanEntry& entry) {
  const int64_t scans = node.get_int("num_scan_inputs", 0);
  if (node.opset < 9) return Error("the batches of Scan before opset 9 are not planned");
  if (scans < 1 || scans > static_cast<int64_t>(node.inputs.size()) ||
      entry.inputs.size() != node.inputs.size() || entry.outputs.size() != node.outputs.size() ||
      entry.outputs.size() + static_cast<size_t>(scans) < entry.inputs.size())
    return Error("its inputs and outputs do not fit those of Scan");
  const size_t states = node.inputs.size() - static_cast<size_t>(scans);
  for (size_t i = states; i < entry.inputs.size(); ++i)
    if (!moves_by_bytes(entry, entry.inputs[i]))
      return Error("the shape of its input '" + entry.input_names[i] +
                   "' is known only at run time");
  for (size_t i = states; i < entry.outputs.size(); ++i)
    if (!moves_by_bytes(entry, entry.outputs[i]))
      return Error("the shape of its output '" + entry.output_names[i] +
                   "' is known only at run time");
  return ok_status();
}

Status check_interface(const Node& node, const PlanEntry& entry) {
  if (node.is("If")) return check_if(node, entry);
  return node.is("Loop") ? check_loop(node, entry) : check_scan(node, entry);
}

}  // namespace

bool owns_plans(const Node& node) { return node.is("If") || node.is("Loop") || node.is("Scan"); }

Result<std::vector<PlanBody>> plan_bodies(const Graph& graph, const Node& node,
                                          const PlanDecisions& decisions,
                                          const BackendSet& backends, const PlanOptions& options,
                                          const TaskContext& context) {
  if (options.depth >= kDeepest)
    return Error("bodies nested more than " + std::to_string(kDeepest) + " deep are not planned");
  PlanOptions inside = options;
  inside.depth = options.depth + 1;
  std::vector<std::string> names = {"body"};
  if (node.is("If")) names = {"then_branch", "else_branch"};
  std::vector<PlanBody> bodies;
  for (const std::string& name : names) {
    const GraphPointer source = node.get_graph(name);
    if (!source) return Error("it has no " + name);
    KASURI_TRY_IN(Graph body, prepared(graph, node, *source), "its " + name);
    KASURI_TRY_IN(PlanPointer plan,
                  make_plan(std::make_shared<const Graph>(std::move(body)),
                            memory_options_of(decisions), backends, inside, context),
                  "its " + name);
    KASURI_RETURN_IF_ERROR(check_interface(node, plan->entry()));
    const int64_t bytes = frame_layout(plan->entry()).bytes;
    bodies.push_back({name, std::move(plan), bytes});
  }
  return bodies;
}

}  // namespace kasuri
