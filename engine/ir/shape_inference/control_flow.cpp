#include <fmt/format.h>

#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

using Types = std::vector<ValueType>;

std::optional<Types> branch(Context& c, const char* name) {
  const Graph* body = c.graph(name);
  if (body == nullptr) return c.fail(fmt::format("attribute '{}' is missing", name)), std::nullopt;
  if (body->outputs().size() != c.outputs()) {
    c.fail(fmt::format("'{}' gives {} values, the node {}", name, body->outputs().size(),
                       c.outputs()));
    return std::nullopt;
  }
  if (!body->inputs().empty()) {
    c.fail(fmt::format("'{}' declares inputs; a branch may only capture", name));
    return std::nullopt;
  }
  return c.body_outputs(*body, {});
}

void if_else(Context& c) {
  if (!c.want_input(0)) return;
  const auto condition = c.integer_at(0);
  if (condition) {
    const auto types = branch(c, *condition ? "then_branch" : "else_branch");
    for (size_t i = 0; types && i < c.outputs(); ++i) c.set(i, (*types)[i]);
    return;
  }
  const auto then_types = branch(c, "then_branch");
  const auto else_types = branch(c, "else_branch");
  if (!then_types || !else_types) return;
  for (size_t i = 0; i < c.outputs(); ++i) c.set(i, widen((*then_types)[i], (*else_types)[i]));
}

/// A carried value's type holds before and after every turn.
std::optional<Types> settled(Context& c, const Graph& body, Types inputs, size_t first,
                             size_t count) {
  std::optional<Types> out;
  for (int turn = 0; turn < 3; ++turn) {
    out = c.body_outputs(body, inputs);
    if (!out) return std::nullopt;
    bool changed = false;
    for (size_t i = 0; i < count; ++i) {
      ValueType& carried = inputs[first + i];
      const ValueType& next = (*out)[first == 0 ? i : i + 1];
      const bool unknown = carried.dtype == DataType::kUndefined && carried.is_tensor();
      const ValueType both = unknown ? next : widen(carried, next);
      changed = changed || !(both == carried);
      carried = both;
    }
    if (!changed) break;
    if (turn == 1)
      for (size_t i = 0; i < count; ++i) inputs[first + i].shape.reset();
  }
  for (size_t i = 0; i < count; ++i) (*out)[first == 0 ? i : i + 1] = inputs[first + i];
  return out;
}

/// Does the body end every turn with the condition it was given, or with a constant true? A cast
/// of true is true again.
bool never_stops(const Graph& body) {
  const Value* v = &body.value(body.outputs()[0].value);
  while (v->producer.valid()) {
    const Node& node = body.node(v->producer);
    if (!node.is("Identity") && !node.is("Cast")) return false;
    const ValueId from = node.input(0);
    if (!from.valid()) return false;
    v = &body.value(from);
  }
  if (body.inputs().size() > 1 && v->id == body.inputs()[1]) return true;
  return v->constant && v->constant->dtype() == DataType::kBool && v->constant->count() == 1 &&
         v->constant->data<uint8_t>()[0] != 0;
}

/// Turn number and condition are scalars, unless the body declares them as vectors of one.
ValueType one(const Graph& body, size_t input, DataType dtype) {
  const MaybeShape& declared = body.value(body.inputs()[input]).type.shape;
  return ValueType::tensor(dtype, declared && declared->size() == 1 ? Shape{1} : Shape{});
}

void loop(Context& c) {
  const Graph* body = c.graph("body");
  if (body == nullptr) return c.fail("attribute 'body' is missing");
  const size_t carried = c.inputs() > 2 ? c.inputs() - 2 : 0;
  if (body->inputs().size() != carried + 2)
    return c.fail(fmt::format("the body takes {} values, the loop gives {}", body->inputs().size(),
                              carried + 2));
  if (body->outputs().size() != c.outputs() + 1 || c.outputs() < carried)
    return c.fail(fmt::format("the body gives {} values, the loop expects {}",
                              body->outputs().size(), c.outputs() + 1));
  Types inputs{one(*body, 0, DataType::kInt64), one(*body, 1, DataType::kBool)};
  for (size_t i = 0; i < carried; ++i) inputs.push_back(c.type(i + 2));
  const auto out = settled(c, *body, std::move(inputs), 2, carried);
  if (!out) return;
  const auto trips = c.integer_at(0);
  const auto condition = c.integer_at(1);
  Dim turns;
  if (c.has(1) && condition && *condition == 0)
    turns = Dim(0);
  else if (trips && *trips >= 0 && (!c.has(1) || condition) && never_stops(*body))
    turns = Dim(*trips);
  for (size_t i = 0; i < c.outputs(); ++i) {
    ValueType type = (*out)[i + 1];
    if (i >= carried && type.shape) type.shape->insert(type.shape->begin(), turns);
    c.set(i, std::move(type));
  }
}

/// One entry per scanned tensor; directions are 0 or 1.
bool well_formed(Context& c, const char* name, size_t count, bool direction) {
  const auto list = c.list(name);
  if (!list) return true;
  if (!c.want_count(*list, count, name)) return false;
  for (int64_t v : *list)
    if (direction && v != 0 && v != 1) return c.fail(fmt::format("'{}' holds {}", name, v)), false;
  return true;
}

int64_t entry(const std::optional<Integers>& list, size_t i) {
  return list && i < list->size() ? (*list)[i] : 0;
}

/// One slice of a scanned input; its extent along the axis is matched with `length`.
std::optional<ValueType> scanned_slice(Context& c, size_t input, int64_t axis_given, Dim& length) {
  ValueType type = c.type(input);
  if (!type.shape) return type;
  const auto axis = c.axis(axis_given, c.rank(input));
  if (!axis) return std::nullopt;
  length = c.match(length, c.dim(input, *axis), "scanned inputs differ in length");
  type.shape->erase(type.shape->begin() + *axis);
  return type;
}

/// Version 8: a batch axis in front of everything, sequence_lens as the first input.
void scan8(Context& c, const Graph& body, size_t scanned) {
  if (c.inputs() < scanned + 1) return c.fail("too few inputs");
  const size_t states = c.inputs() - 1 - scanned;
  const Dim batch = c.inputs() > 1 ? c.dim(1, 0) : Dim();
  Dim length;
  Types inputs;
  for (size_t i = 1; i < c.inputs(); ++i) {
    ValueType type = c.type(i);
    const size_t drop = i > states ? 2 : 1;
    if (type.shape && type.shape->size() < drop) return c.fail("an input has too few axes");
    if (type.shape && drop == 2)
      length = c.match(length, c.dim(i, 1), "scanned inputs differ in length");
    if (type.shape)
      type.shape->erase(type.shape->begin(), type.shape->begin() + static_cast<long>(drop));
    inputs.push_back(std::move(type));
  }
  const auto out = settled(c, body, std::move(inputs), 0, states);
  if (!out) return;
  for (size_t i = 0; i < c.outputs(); ++i) {
    ValueType type = (*out)[i];
    if (type.shape && i >= states) type.shape->insert(type.shape->begin(), length);
    if (type.shape) type.shape->insert(type.shape->begin(), batch);
    c.set(i, std::move(type));
  }
}

void scan9(Context& c, const Graph& body, size_t scanned) {
  if (c.inputs() < scanned) return c.fail("too few inputs");
  const size_t states = c.inputs() - scanned;
  const size_t stacked = c.outputs() - states;
  if (!well_formed(c, "scan_input_axes", scanned, false) ||
      !well_formed(c, "scan_input_directions", scanned, true) ||
      !well_formed(c, "scan_output_axes", stacked, false) ||
      !well_formed(c, "scan_output_directions", stacked, true))
    return;
  const auto input_axes = c.list("scan_input_axes");
  const auto output_axes = c.list("scan_output_axes");
  Dim length;
  Types inputs;
  for (size_t i = 0; i < c.inputs(); ++i) {
    if (i < states) {
      inputs.push_back(c.type(i));
      continue;
    }
    auto slice = scanned_slice(c, i, entry(input_axes, i - states), length);
    if (!slice) return;
    inputs.push_back(std::move(*slice));
  }
  const auto out = settled(c, body, std::move(inputs), 0, states);
  if (!out) return;
  for (size_t i = 0; i < c.outputs(); ++i) {
    ValueType type = (*out)[i];
    if (type.shape && i >= states) {
      const auto axis =
          c.axis(entry(output_axes, i - states), static_cast<int>(type.shape->size()) + 1);
      if (!axis) return;
      type.shape->insert(type.shape->begin() + *axis, length);
    }
    c.set(i, std::move(type));
  }
}

void scan(Context& c) {
  const Graph* body = c.graph("body");
  if (body == nullptr) return c.fail("attribute 'body' is missing");
  const int64_t scanned = c.integer("num_scan_inputs", 0);
  const size_t given = c.inputs() - (c.opset() < 9 && c.inputs() > 0 ? 1 : 0);
  if (scanned < 1 || static_cast<size_t>(scanned) > given)
    return c.fail("attribute 'num_scan_inputs' does not fit the inputs");
  if (body->inputs().size() != given || body->outputs().size() != c.outputs() ||
      c.outputs() < given - static_cast<size_t>(scanned))
    return c.fail("the body's inputs or outputs do not fit the node's");
  if (c.opset() < 9)
    scan8(c, *body, static_cast<size_t>(scanned));
  else
    scan9(c, *body, static_cast<size_t>(scanned));
}

void sequence_map(Context& c) {
  const Graph* body = c.graph("body");
  if (body == nullptr) return c.fail("attribute 'body' is missing");
  if (!c.want_input(0)) return;
  Types inputs;
  for (size_t i = 0; i < c.inputs(); ++i) {
    const ValueType& t = c.type(i);
    const bool sequence = t.kind == ValueType::Kind::kSequence;
    inputs.push_back(sequence ? (t.element ? *t.element : ValueType{}) : t);
  }
  const auto out = c.body_outputs(*body, inputs);
  if (!out) return;
  for (size_t i = 0; i < c.outputs() && i < out->size(); ++i)
    c.set(i, ValueType::sequence((*out)[i]));
}

}  // namespace

void register_control_flow_shapes(Registry& r) {
  r.add("If", if_else);
  r.add("Loop", loop);
  r.add("Scan", scan);
  r.add("SequenceMap", sequence_map);
}

}  // namespace kasuri::shape_inference
