#include "engine/backend/reference/graph_interpreter.h"

#include <fmt/format.h>

#include "engine/backend/reference/context.h"

namespace kasuri::reference {
namespace {

constexpr int kMaximalDepth = 64;

/// Counts how deep runs nest on this thread.
class DepthGuard {
 public:
  DepthGuard() { ++depth_; }
  ~DepthGuard() { --depth_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;
  static bool too_deep() { return depth_ > kMaximalDepth; }

 private:
  static thread_local int depth_;
};
thread_local int DepthGuard::depth_ = 0;

std::string describe(const Node& node) {
  return fmt::format("node '{}' ({}, opset {})", node.name, node.op.text(), node.opset);
}

}  // namespace

GraphInterpreter::GraphInterpreter(const Graph& graph)
    : graph_(graph), order_(graph.topological_order()), dying_(order_.size()) {
  std::vector<int> last(graph.value_capacity(), -1);
  for (size_t i = 0; i < order_.size(); ++i) {
    const Node& node = graph.node(order_[i]);
    const auto touch = [&](ValueId v) {
      if (v.valid()) last[v.index()] = static_cast<int>(i);
    };
    for (ValueId v : node.inputs) touch(v);
    for (ValueId v : captured_values(graph, node)) touch(v);
    for (ValueId v : node.outputs) touch(v);
  }
  for (size_t v = 0; v < last.size(); ++v) {
    const ValueId id(static_cast<uint32_t>(v));
    if (last[v] >= 0 && !graph.is_output(id)) dying_[static_cast<size_t>(last[v])].push_back(id);
  }
}

Result<GraphInterpreter::Environment> GraphInterpreter::start(std::vector<RuntimeValue> inputs,
                                                              const GraphServices& services) const {
  if (inputs.size() != graph_.inputs().size())
    return Error(fmt::format("graph '{}' takes {} inputs, not {}", graph_.name(),
                             graph_.inputs().size(), inputs.size()));
  Environment values(graph_.value_capacity());
  for (ValueId id : graph_.value_ids())
    if (graph_.value(id).is_constant()) values[id.index()] = *graph_.value(id).constant;
  for (size_t i = 0; i < inputs.size(); ++i)
    values[graph_.inputs()[i].index()] = std::move(inputs[i]);
  for (ValueId id : graph_.captures()) {
    const std::string& name = graph_.value(id).name;
    if (!services.captured) return Error(fmt::format("no value '{}' outside the body", name));
    KASURI_TRY(values[id.index()], services.captured(name));
  }
  return values;
}

Result<RuntimeValue> GraphInterpreter::find(const std::string& name, const Environment& values,
                                            const GraphServices& services) const {
  if (const auto id = graph_.find_value(name)) return values[id->index()];
  if (services.captured) return services.captured(name);
  return Error(fmt::format("no value '{}' in graph '{}'", name, graph_.name()));
}

Status GraphInterpreter::run_node(const Node& node, Environment& values,
                                  const GraphServices& services) const {
  KASURI_RETURN_IF_ERROR(services.task.cancel.check());
  std::vector<RuntimeValue> inputs(node.inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i)
    if (node.inputs[i].valid()) inputs[i] = values[node.inputs[i].index()];
  const auto captured = [&](const std::string& name) { return find(name, values, services); };
  KASURI_TRY_IN(std::vector<RuntimeValue> outputs,
                services.backend.run(graph_, node, inputs, captured, services.task),
                describe(node));
  if (services.observer) KASURI_RETURN_IF_ERROR(services.observer(node, inputs, outputs));
  for (size_t i = 0; i < node.outputs.size(); ++i)
    if (node.outputs[i].valid()) values[node.outputs[i].index()] = std::move(outputs[i]);
  return Done{};
}

Result<std::vector<RuntimeValue>> GraphInterpreter::run(std::vector<RuntimeValue> inputs,
                                                        const GraphServices& services) const {
  const DepthGuard depth;
  if (DepthGuard::too_deep())
    return Error(fmt::format("bodies nest more than {} deep", kMaximalDepth));
  KASURI_TRY(Environment values, start(std::move(inputs), services));
  for (size_t i = 0; i < order_.size(); ++i) {
    KASURI_RETURN_IF_ERROR(run_node(graph_.node(order_[i]), values, services));
    for (ValueId id : dying_[i]) values[id.index()] = {};
  }
  std::vector<RuntimeValue> results;
  for (const GraphOutput& output : graph_.outputs())
    results.push_back(values[output.value.index()]);
  return results;
}

}  // namespace kasuri::reference
