#include "engine/backend/reference/reference_backend.h"

#include <fmt/format.h>

#include <memory>
#include <new>
#include <stdexcept>

#include "engine/backend/reference/registry.h"
#include "engine/base/memory_use.h"

namespace kasuri {

using reference::Context;
using reference::GraphInterpreter;
using reference::GraphServices;
using reference::KernelFailure;
using reference::KernelFunction;
using reference::Registry;
using reference::Surroundings;

const Registry& reference::Registry::instance() {
  static const Registry registry = [] {
    Registry r;
    register_all(r);
    return r;
  }();
  return registry;
}

ReferenceBackend::ReferenceBackend(int64_t memory_limit)
    : memory_limit_(memory_limit > 0 ? memory_limit : default_memory_limit()),
      alive_before_(memory_limit > 0 ? live_tensor_bytes() : 0) {}

std::optional<std::string> ReferenceBackend::why_not(const Graph&, const Node& node) const {
  if (Registry::instance().find(node.op) == nullptr)
    return fmt::format("no reference kernel for {}", node.op.text());
  for (const auto& [name, attribute] : node.attributes) {
    const auto* body = std::get_if<GraphPointer>(&attribute);
    if (body == nullptr || !*body) continue;
    for (NodeId id : (*body)->node_ids())
      if (auto why = this->why_not(**body, (*body)->node(id)))
        return fmt::format("{} in its {}", *why, name);
  }
  return std::nullopt;
}

Result<std::vector<RuntimeValue>> ReferenceBackend::run(
    const Graph& graph, const Node& node, std::span<const RuntimeValue> inputs,
    const std::function<Result<RuntimeValue>(const std::string&)>& captured,
    const TaskContext& context) const {
  const KernelFunction kernel = Registry::instance().find(node.op);
  if (kernel == nullptr) return Error::unavailable(*why_not(graph, node));
  std::map<const Graph*, std::unique_ptr<GraphInterpreter>> bodies;
  Surroundings surroundings{memory_limit_, alive_before_, &context, {}};
  surroundings.run_body = [&](const Graph& body, std::vector<RuntimeValue> values) {
    std::unique_ptr<GraphInterpreter>& ready = bodies[&body];
    if (!ready) ready = std::make_unique<GraphInterpreter>(body);
    return ready->run(std::move(values), GraphServices{*this, context, captured, nullptr});
  };
  Context call(graph, node, inputs, surroundings);
  try {
    kernel(call);
    return call.take_outputs();
  } catch (const KernelFailure& failure) {
    return failure.error;
  } catch (const std::bad_alloc&) {
    return Error::unavailable("not enough memory");
  } catch (const std::length_error&) {
    return Error::unavailable("not enough memory");
  }
}

Result<std::vector<RuntimeValue>> ReferenceBackend::evaluate(
    const Graph& graph, const Node& node, std::span<const RuntimeValue> inputs) const {
  const auto captured = [&](const std::string& name) -> Result<RuntimeValue> {
    const auto id = graph.find_value(name);
    if (id && graph.value(*id).is_constant()) return RuntimeValue(*graph.value(*id).constant);
    return Error(fmt::format("'{}' is not a constant", name));
  };
  return run(graph, node, inputs, captured, TaskContext{});
}

Result<std::vector<RuntimeValue>> run_model(const Graph& graph,
                                            const std::map<std::string, RuntimeValue>& inputs,
                                            const TaskContext& context,
                                            const reference::NodeObserver& observer) {
  std::vector<RuntimeValue> values;
  for (ValueId id : graph.inputs()) {
    const Value& value = graph.value(id);
    const auto found = inputs.find(value.name);
    const bool may_lack = value.type.kind == ValueType::Kind::kOptional;
    if (found == inputs.end() && !may_lack)
      return Error(fmt::format("no value for input '{}'", value.name));
    values.push_back(found == inputs.end() ? RuntimeValue() : found->second);
  }
  const ReferenceBackend backend;
  return GraphInterpreter(graph).run(std::move(values),
                                     GraphServices{backend, context, nullptr, observer});
}

}  // namespace kasuri
