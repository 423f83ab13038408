#include <algorithm>

#include "engine/backend/reference/joining.h"
#include "engine/backend/reference/registry.h"

// Operators with bodies.
namespace kasuri::reference {
namespace {

GraphPointer body_of(Context& c, const std::string& name) {
  GraphPointer body = c.node().get_graph(name);
  c.require(body != nullptr, "has no {}", name);
  return body;
}

void set_all(Context& c, std::vector<RuntimeValue> values) {
  for (size_t i = 0; i < values.size(); ++i) c.set(i, std::move(values[i]));
}

void if_else(Context& c) {
  const bool condition = c.number(0, 0) != 0;
  set_all(c, c.run_body(*body_of(c, condition ? "then_branch" : "else_branch"), {}));
}

/// Tensors of one shape stacked along a new `axis`; none at all: what the body's type promises.
Tensor stacked(Context& c, const Graph& body, size_t output, const std::vector<RuntimeValue>& items,
               int64_t axis) {
  if (items.empty()) {
    const ValueType& type = body.value(body.outputs()[output].value).type;
    Extents extents;
    if (type.shape)
      for (const Dim& d : *type.shape) extents.push_back(d.known() ? d.value() : 0);
    const DataType dtype = type.dtype == DataType::kUndefined ? DataType::kFloat : type.dtype;
    extents.insert(extents.begin() + c.axis(axis, static_cast<int64_t>(extents.size()) + 1), 0);
    return MoveTarget(c, dtype, extents).take();
  }
  std::vector<Tensor> parts;
  for (const RuntimeValue& item : items) {
    c.require(item.is_tensor(), "a scan output must be a tensor");
    Extents extents = item.tensor().extents();
    extents.insert(extents.begin() + c.axis(axis, static_cast<int64_t>(extents.size()) + 1), 1);
    parts.push_back(item.tensor().reshaped(extents));
  }
  return concatenated(c, parts, axis);
}

bool truth(Context& c, const RuntimeValue& value) {
  c.require(value.is_tensor() && value.tensor().count() == 1, "the condition must be one boolean");
  return elements<int64_t>(value.tensor())[0] != 0;
}

/// [1] where the body declares its input so, else a scalar.
Extents one_element_extents(const Graph& body, size_t input) {
  const ValueType& type = body.value(body.inputs()[input]).type;
  return type.shape && type.shape->size() == 1 ? Extents{1} : Extents{};
}

/// Room for the next turn's scan outputs; what they hold beside elements is counted here. Also ends
/// the loop where the user asked to stop: a body without nodes would not notice.
void before_turn(Context& c, size_t scans, int64_t turns_done) {
  c.poll();
  if (scans > 0)
    c.require_room((turns_done + 1) * static_cast<int64_t>(scans), 2 * sizeof(RuntimeValue),
                   "what its turns leave");
}

void loop(Context& c) {
  const GraphPointer body = body_of(c, "body");
  const size_t carried = c.input_count() > 2 ? c.input_count() - 2 : 0;
  c.require(body->inputs().size() == carried + 2 && body->outputs().size() >= carried + 1,
            "carries {} values into a body of {} inputs and {} outputs", carried,
            body->inputs().size(), body->outputs().size());
  const int64_t trips = c.integer(0, INT64_MAX);
  bool go_on = !c.has(1) || truth(c, c.value(1));
  std::vector<RuntimeValue> state;
  for (size_t i = 0; i < carried; ++i) state.push_back(c.value(i + 2));
  const size_t scans = body->outputs().size() - carried - 1;
  std::vector<std::vector<RuntimeValue>> collected(scans);
  for (int64_t trip = 0; trip < trips && go_on; ++trip) {
    before_turn(c, scans, trip);
    std::vector<RuntimeValue> inputs = {
        c.pack<int64_t>(DataType::kInt64, one_element_extents(*body, 0), {trip}),
        c.pack<int64_t>(DataType::kBool, one_element_extents(*body, 1), {1})};
    for (RuntimeValue& value : state) inputs.push_back(std::move(value));
    std::vector<RuntimeValue> outputs = c.run_body(*body, std::move(inputs));
    go_on = truth(c, outputs[0]);
    for (size_t i = 0; i < carried; ++i) state[i] = std::move(outputs[i + 1]);
    for (size_t i = 0; i < scans; ++i) collected[i].push_back(std::move(outputs[carried + 1 + i]));
  }
  for (size_t i = 0; i < carried; ++i) c.set(i, std::move(state[i]));
  for (size_t i = 0; i < scans; ++i)
    if (c.wants(carried + i))
      c.set(carried + i, stacked(c, *body, carried + 1 + i, collected[i], 0));
}

/// Axes and directions of a Scan, one entry per scan input or output.
struct ScanLayout {
  size_t states = 0, inputs = 0, outputs = 0;
  std::vector<int64_t> input_axes, input_directions, output_axes, output_directions;
};

std::vector<int64_t> per_item(Context& c, const std::string& name, size_t count) {
  std::vector<int64_t> values = c.node().get_ints(name);
  values.resize(std::max(values.size(), count), 0);
  return values;
}

/// State values then stacked scan outputs, from state values then scan inputs.
std::vector<RuntimeValue> scan(Context& c, const Graph& body, const ScanLayout& l,
                               std::vector<RuntimeValue> values, int64_t length) {
  std::vector<RuntimeValue> state(values.begin(), values.begin() + static_cast<int64_t>(l.states));
  std::vector<std::vector<RuntimeValue>> collected(l.outputs);
  for (int64_t step = 0; step < length; ++step) {
    before_turn(c, l.outputs, step);
    std::vector<RuntimeValue> inputs = state;
    for (size_t i = 0; i < l.inputs; ++i) {
      const Tensor& x = values[l.states + i].tensor();
      const int axis = c.axis(l.input_axes[i], x.rank());
      const int64_t at = l.input_directions[i] != 0 ? length - 1 - step : step;
      const Tensor slice = section(c, x, axis, at, 1);
      Extents extents = slice.extents();
      extents.erase(extents.begin() + axis);
      inputs.push_back(slice.reshaped(extents));
    }
    std::vector<RuntimeValue> outputs = c.run_body(body, std::move(inputs));
    for (size_t i = 0; i < l.states; ++i) state[i] = std::move(outputs[i]);
    for (size_t i = 0; i < l.outputs; ++i) collected[i].push_back(std::move(outputs[l.states + i]));
  }
  for (size_t i = 0; i < l.outputs; ++i) {
    if (l.output_directions[i] != 0) std::reverse(collected[i].begin(), collected[i].end());
    state.push_back(stacked(c, body, l.states + i, collected[i], l.output_axes[i]));
  }
  return state;
}

/// The length all scan inputs share.
int64_t scan_length(Context& c, const ScanLayout& l, const std::vector<RuntimeValue>& values) {
  int64_t length = -1;
  for (size_t i = 0; i < l.inputs; ++i) {
    c.require(values[l.states + i].is_tensor(), "scan input {} must be a tensor", i);
    const Tensor& x = values[l.states + i].tensor();
    const int64_t extent = x.extents()[static_cast<size_t>(c.axis(l.input_axes[i], x.rank()))];
    c.require(length < 0 || length == extent, "scan inputs are {} and {} long", length, extent);
    length = extent;
  }
  return length;
}

/// Opset 8: a batch axis in front of everything, optional lengths as input 0.
void batched_scan(Context& c, const Graph& body, const ScanLayout& l,
                  const std::vector<RuntimeValue>& values) {
  const auto batch_of = [&](const RuntimeValue& v) {
    c.require(v.is_tensor() && v.tensor().rank() >= 1, "needs tensors with a batch axis");
    return v.tensor().extents()[0];
  };
  const int64_t batch = values.empty() ? 0 : batch_of(values[0]);
  std::vector<std::vector<RuntimeValue>> results(l.states + l.outputs);
  for (int64_t b = 0; b < batch; ++b) {
    std::vector<RuntimeValue> one;
    for (const RuntimeValue& v : values) {
      c.require(batch_of(v) == batch, "batches of {} and {}", batch, batch_of(v));
      const Tensor slice = section(c, v.tensor(), 0, b, 1);
      one.push_back(slice.reshaped(Extents(slice.extents().begin() + 1, slice.extents().end())));
    }
    const int64_t length = scan_length(c, l, one);
    std::vector<int64_t> lengths = c.ints(0);
    const int64_t used =
        lengths.empty() ? length : std::min(length, lengths.at(static_cast<size_t>(b)));
    std::vector<RuntimeValue> outputs = scan(c, body, l, std::move(one), used);
    for (size_t i = 0; i < outputs.size(); ++i) results[i].push_back(std::move(outputs[i]));
  }
  for (size_t i = 0; i < results.size(); ++i) c.set(i, stacked(c, body, i, results[i], 0));
}

void scan_operator(Context& c) {
  const GraphPointer body = body_of(c, "body");
  const size_t first = c.opset() < 9 ? 1 : 0;
  const auto scans =
      static_cast<size_t>(std::max<int64_t>(0, c.node().get_int("num_scan_inputs", 0)));
  c.require(scans >= 1 && scans + first <= c.input_count(), "{} scan inputs", scans);
  ScanLayout l;
  l.inputs = scans;
  l.states = c.input_count() - first - scans;
  c.require(body->inputs().size() == l.states + l.inputs && body->outputs().size() >= l.states,
            "{} states and {} scan inputs for a body of {} inputs", l.states, l.inputs,
            body->inputs().size());
  l.outputs = body->outputs().size() - l.states;
  l.input_axes = per_item(c, "scan_input_axes", l.inputs);
  l.input_directions = per_item(c, first ? "directions" : "scan_input_directions", l.inputs);
  l.output_axes = per_item(c, "scan_output_axes", l.outputs);
  l.output_directions = per_item(c, "scan_output_directions", l.outputs);
  std::vector<RuntimeValue> values;
  for (size_t i = first; i < c.input_count(); ++i) values.push_back(c.value(i));
  if (first) return batched_scan(c, *body, l, values);
  const int64_t length = scan_length(c, l, values);
  set_all(c, scan(c, *body, l, std::move(values), length));
}

void sequence_map(Context& c) {
  const GraphPointer body = body_of(c, "body");
  const size_t length = c.sequence(0).size();
  std::vector<TensorSequence> results(body->outputs().size());
  for (size_t k = 0; k < length; ++k) {
    before_turn(c, results.size(), static_cast<int64_t>(k));
    std::vector<RuntimeValue> inputs;
    for (size_t i = 0; i < c.input_count(); ++i) {
      if (!c.value(i).is_sequence()) {
        inputs.push_back(c.value(i));
        continue;
      }
      c.require(c.sequence(i).size() == length, "sequences of {} and {} items", length,
                c.sequence(i).size());
      inputs.push_back(c.sequence(i)[k]);
    }
    std::vector<RuntimeValue> outputs = c.run_body(*body, std::move(inputs));
    for (size_t i = 0; i < outputs.size(); ++i) results[i].push_back(std::move(outputs[i]));
  }
  for (size_t i = 0; i < results.size(); ++i)
    c.set(i, RuntimeValue::sequence(std::move(results[i])));
}

}  // namespace

void register_control_flow_kernels(Registry& r) {
  r.add("If", if_else);
  r.add("Loop", loop);
  r.add("Scan", scan_operator);
  r.add("SequenceMap", sequence_map);
}

}  // namespace kasuri::reference
