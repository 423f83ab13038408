#include "engine/ir/shape_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "engine/ir/extent_limits.h"
#include "engine/ir/graph_patch.h"
#include "engine/ir/shape_inference.h"
#include "engine/ir/shape_inference/registry.h"
#include "engine/ir/shape_values.h"

namespace kasuri::shape_inference {
namespace {

/// Bodies nested deeper are left untyped: a loop visits its body up to three times, so the work
/// grows with the power of the depth.
constexpr int kDeepest = 8;

const Registry& registry() {
  static const Registry all = [] {
    Registry r;
    register_all(r);
    return r;
  }();
  return all;
}

std::string describe(const Node& node) {
  return fmt::format("node '{}' ({}, opset {})", node.name, node.op.text(), node.opset);
}

Status check_possible(const Node& node, const ValueType& type) {
  if (!type.is_static_tensor() || are_possible(*extents_of(*type.shape))) return Done{};
  return Error(fmt::format("its output would be {}, which no tensor can be", type.text()))
      .with_context(describe(node));
}

using TypeByName = std::function<const ValueType*(const std::string&)>;

bool has_body(const Node& node) {
  return std::any_of(node.attributes.begin(), node.attributes.end(), [](const auto& entry) {
    const auto* body = std::get_if<GraphPointer>(&entry.second);
    return body != nullptr && *body;
  });
}

GraphPointer with_outer_types(const GraphPointer& body, const TypeByName& outside);

std::map<std::string, Attribute> with_outer_types(const Node& node, const TypeByName& outside) {
  std::map<std::string, Attribute> out = node.attributes;
  for (auto& [name, attribute] : out)
    if (const auto* body = std::get_if<GraphPointer>(&attribute); body != nullptr && *body)
      attribute = with_outer_types(*body, outside);
  return out;
}

/// A body that could not be typed: its captures, and those of the bodies within, follow what they
/// capture.
GraphPointer with_outer_types(const GraphPointer& body, const TypeByName& outside) {
  Graph out = *body;
  GraphPatch patch(out, "types of captures");
  std::map<std::string, const ValueType*> changed;
  for (ValueId id : body->captures()) {
    const Value& value = body->value(id);
    const ValueType* type = outside(value.name);
    if (type == nullptr || *type == value.type) continue;
    patch.set_type(id, *type);
    changed[value.name] = type;
  }
  if (changed.empty()) return body;
  const TypeByName here = [&](const std::string& name) {
    const auto found = changed.find(name);
    return found == changed.end() ? nullptr : found->second;
  };
  for (NodeId id : body->topological_order()) {
    const Node& node = body->node(id);
    if (has_body(node)) patch.update_node(id, node.inputs, with_outer_types(node, here));
  }
  return patch.apply(out).ok() ? std::make_shared<const Graph>(std::move(out)) : body;
}

}  // namespace

Walk::Walk(const Graph& graph, const Walk* outside)
    : graph_(graph), outside_(outside), depth_(outside ? outside->depth_ + 1 : 0) {}

const ValueType& Walk::type(ValueId id) const {
  return types_.empty() ? graph_.value(id).type : types_[id.index()];
}

const Tensor* Walk::constant(ValueId id) const {
  const Value& v = graph_.value(id);
  if (v.constant) return &*v.constant;
  return values_.empty() ? nullptr : values_[id.index()].get();
}

/// Captured values have the types and constants of their namesakes outside.
void Walk::capture() {
  for (ValueId id : graph_.captures()) {
    if (outside_ == nullptr) continue;
    const auto source = outside_->graph_.find_value(graph_.value(id).name);
    if (!source) continue;
    types_[id.index()] = merge_types(outside_->type(*source), types_[id.index()]);
    if (const Tensor* t = outside_->constant(*source))
      values_[id.index()] = std::make_shared<const Tensor>(*t);
  }
}

Status Walk::run(const std::vector<ValueType>& inputs) {
  types_.resize(graph_.value_capacity());
  values_.resize(graph_.value_capacity());
  for (ValueId id : graph_.value_ids()) {
    const Value& v = graph_.value(id);
    types_[id.index()] =
        v.constant ? ValueType::tensor(v.constant->dtype(), shape_of(v.constant->extents()))
                   : v.type;
  }
  for (size_t i = 0; i < inputs.size() && i < graph_.inputs().size(); ++i)
    types_[graph_.inputs()[i].index()] = merge_types(inputs[i], type(graph_.inputs()[i]));
  capture();
  for (NodeId id : graph_.topological_order()) KASURI_RETURN_IF_ERROR(visit(graph_.node(id)));
  return Done{};
}

Result<std::vector<ValueType>> Walk::infer(const Node& node) {
  const Inference inference = registry().find(node.op);
  inputs_.clear();
  if (inference == nullptr) return std::vector<ValueType>(node.outputs.size());
  for (ValueId id : node.inputs)
    inputs_.push_back(id.valid() ? Context::Input{&type(id), constant(id)} : Context::Input{});
  Context context(node, inputs_, this);
  inference(context);
  auto result = context.take();
  if (result.ok()) return result;
  return std::move(result).error().with_context(describe(node));
}

Status Walk::visit(const Node& node) {
  KASURI_TRY(std::vector<ValueType> found, infer(node));
  KASURI_RETURN_IF_ERROR(visit_bodies(node));
  for (size_t i = 0; i < found.size(); ++i) {
    if (!node.outputs[i].valid()) continue;
    ValueType& slot = types_[node.outputs[i].index()];
    slot = merge_types(found[i], slot);
    KASURI_RETURN_IF_ERROR(check_possible(node, slot));
  }
  const ValueId first = node.output(0);
  if (!first.valid()) return Done{};
  if (auto value = shape_value(node, inputs_, type(first)))
    values_[first.index()] = std::make_shared<const Tensor>(std::move(*value));
  return Done{};
}

/// Types bodies that inference did not ask for, from what they declare themselves.
Status Walk::visit_bodies(const Node& node) {
  for (const auto& [name, attribute] : node.attributes) {
    const auto* body = std::get_if<GraphPointer>(&attribute);
    if (body == nullptr || !*body || bodies_.contains({node.id, body->get()})) continue;
    // A branch that is never taken may be wrong.
    const auto types = body_outputs(node, **body, {});
    if (!types.ok() && types.error().kind() != ErrorKind::kUser) return types.error();
  }
  return Done{};
}

Result<std::vector<ValueType>> Walk::body_outputs(const Node& node, const Graph& body,
                                                  const std::vector<ValueType>& inputs) {
  if (depth_ >= kDeepest) {
    std::vector<ValueType> declared;
    for (const GraphOutput& o : body.outputs()) declared.push_back(body.value(o.value).type);
    return declared;
  }
  auto walk = std::make_unique<Walk>(body, this);
  Status status = walk->run(inputs);
  if (!status.ok()) return std::move(status).error();
  auto types = walk->output_types();
  bodies_[{node.id, &body}] = std::move(walk);
  return types;
}

std::vector<ValueType> Walk::output_types() const {
  std::vector<ValueType> out;
  for (const GraphOutput& o : graph_.outputs()) out.push_back(type(o.value));
  return out;
}

Attribute Walk::typed_body(const Node& node, const Attribute& attribute) const {
  const auto* body = std::get_if<GraphPointer>(&attribute);
  if (body == nullptr || !*body) return attribute;
  const auto walk = bodies_.find({node.id, body->get()});
  if (walk != bodies_.end()) {
    auto typed = walk->second->typed();
    if (typed.ok()) return std::make_shared<const Graph>(std::move(typed).value());
  }
  return with_outer_types(*body, [this](const std::string& name) -> const ValueType* {
    const auto source = graph_.find_value(name);
    return source ? &type(*source) : nullptr;
  });
}

Result<Graph> Walk::typed() const {
  Graph out = graph_;
  GraphPatch patch(out, "infer types");
  for (ValueId id : graph_.value_ids())
    if (!(graph_.value(id).type == type(id))) patch.set_type(id, type(id));
  for (NodeId id : graph_.topological_order()) {
    const Node& node = graph_.node(id);
    if (!has_body(node)) continue;
    std::map<std::string, Attribute> attributes;
    for (const auto& [name, attribute] : node.attributes)
      attributes.emplace(name, typed_body(node, attribute));
    patch.update_node(node.id, node.inputs, std::move(attributes));
  }
  KASURI_RETURN_IF_ERROR(patch.apply(out));
  return out;
}

}  // namespace kasuri::shape_inference

namespace kasuri {

Result<std::vector<ValueType>> infer_types(const Graph& graph, const Node& node) {
  return shape_inference::Walk(graph).infer(node);
}

Result<Graph> infer_graph(Graph graph) {
  shape_inference::Walk walk(graph);
  KASURI_RETURN_IF_ERROR(walk.run({}));
  return walk.typed();
}

ValueType merge_types(const ValueType& inferred, const ValueType& declared) {
  const bool nothing =
      inferred.is_tensor() && inferred.dtype == DataType::kUndefined && !inferred.shape;
  if (nothing) return declared;
  if (inferred.kind != declared.kind) return inferred;
  ValueType out = inferred;
  if (out.dtype == DataType::kUndefined) out.dtype = declared.dtype;
  if (!out.shape) {
    out.shape = declared.shape;
  } else if (declared.shape && declared.shape->size() == out.shape->size()) {
    for (size_t i = 0; i < out.shape->size(); ++i)
      (*out.shape)[i] = shape_inference::refine((*out.shape)[i], (*declared.shape)[i]);
  }
  if (!out.element)
    out.element = declared.element;
  else if (declared.element)
    out.element = std::make_shared<const ValueType>(merge_types(*out.element, *declared.element));
  return out;
}

bool is_known_operator(const OpKind& op) { return shape_inference::registry().find(op) != nullptr; }

}  // namespace kasuri
