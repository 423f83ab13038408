#include "engine/exec/control_run.h"

#include <algorithm>

#include "engine/exec/carried_values.h"
#include "engine/exec/scanned_values.h"
#include "engine/exec/stacked_output.h"

namespace kasuri {
namespace {

using Outcome = ControlRun::Outcome;

/// The one boolean of a tensor; none where the value is something else.
std::optional<bool> truth(const RuntimeValue& value) {
  if (!value.is_tensor() || value.tensor().dtype() != DataType::kBool ||
      value.tensor().count() != 1)
    return std::nullopt;
  return value.tensor().data<uint8_t>()[0] != 0;
}

std::optional<int64_t> integer(const RuntimeValue& value) {
  if (!value.is_tensor() || value.tensor().dtype() != DataType::kInt64 ||
      value.tensor().count() != 1)
    return std::nullopt;
  return value.tensor().data<int64_t>()[0];
}

template <typename T>
void write(Frame& body, size_t input, T value) {
  *reinterpret_cast<T*>(body.memory_of(body.entry().inputs[input])) = value;
}

int64_t entry_of(const std::vector<int64_t>& list, size_t i) {
  return i < list.size() ? list[i] : 0;
}

std::vector<CarriedValue> carried_values(const PlanEntry& body, size_t first_input,
                                         size_t first_output, size_t count) {
  std::vector<CarriedValue> values;
  for (size_t k = 0; k < count; ++k)
    values.push_back({body.inputs[first_input + k], body.outputs[first_output + k]});
  return values;
}

}  // namespace

ControlRun::ControlRun(Frame& owner, size_t step, const TaskContext& context,
                       ExecutionObserver* observer)
    : owner_(owner),
      step_(owner.entry().steps[step]),
      node_(owner.plan().graph().node(step_.nodes.at(0))),
      frames_(owner.children_[step]),
      context_(context),
      observer_(observer) {}

Result<Outcome> ControlRun::run() {
  const std::vector<RuntimeValue> inputs = owner_.inputs_of(step_);
  if (node_.is("If")) return run_if(inputs);
  KASURI_RETURN_IF_ERROR(connect(0));
  return node_.is("Loop") ? run_loop(inputs) : run_scan(inputs);
}

/// The body's captures look at the owner's values.
Status ControlRun::connect(size_t body) {
  Frame& frame = *frames_[body];
  for (BufferId id : frame.entry().captures) {
    const auto source = owner_.find_buffer(step_, frame.buffer(id).name);
    KASURI_CHECK(source.has_value(), "a capture is an input of its step");
    KASURI_RETURN_IF_ERROR(frame.look_at(id, owner_.value_of(*source)));
  }
  frame.connect();
  return ok_status();
}

Status ControlRun::run_body(size_t body) {
  KASURI_RETURN_IF_ERROR(context_.cancel.check());
  if (observer_ != nullptr) observer_->on_body_begin(step_.bodies[body]);
  KASURI_RETURN_IF_ERROR(frames_[body]->run(context_, observer_));
  if (observer_ != nullptr) observer_->on_body_end(step_.bodies[body]);
  return ok_status();
}

/// Where the node's output lies; none() where nobody wants it.
BufferId ControlRun::wanted(size_t output) const {
  if (!node_.outputs[output].valid()) return BufferId::none();
  for (BufferId id : step_.outputs)
    if (owner_.buffer(id).value == node_.outputs[output]) return id;
  return BufferId::none();
}

Status ControlRun::give(size_t output, const RuntimeValue& value) {
  const BufferId id = wanted(output);
  return id.valid() ? owner_.store(id, value) : ok_status();
}

Result<Outcome> ControlRun::run_if(const std::vector<RuntimeValue>& inputs) {
  const auto condition = inputs.empty() ? std::nullopt : truth(inputs[0]);
  if (!condition) return Outcome::kLibrary;
  const size_t body = *condition ? 0 : 1;
  KASURI_RETURN_IF_ERROR(connect(body));
  KASURI_RETURN_IF_ERROR(run_body(body));
  const Frame& frame = *frames_[body];
  for (size_t k = 0; k < node_.outputs.size(); ++k)
    KASURI_RETURN_IF_ERROR(give(k, frame.value_of(frame.entry().outputs[k])));
  return Outcome::kDone;
}

Result<Outcome> ControlRun::run_loop(const std::vector<RuntimeValue>& inputs) {
  Frame& body = *frames_[0];
  const size_t count = inputs.size() > 2 ? inputs.size() - 2 : 0;
  const bool counted = !inputs.empty() && inputs[0].present();
  const bool conditional = inputs.size() > 1 && inputs[1].present();
  const auto trips = counted ? integer(inputs[0]) : INT64_MAX;
  const auto first = conditional ? truth(inputs[1]) : true;
  if (!trips || !first || *trips <= 0 || !*first) return Outcome::kLibrary;
  CarriedValues carried(body, carried_values(body.entry(), 2, 1, count));
  KASURI_RETURN_IF_ERROR(carried.start(std::span(inputs).subspan(inputs.size() - count)));
  std::vector<StackedOutput> stacks;
  for (size_t k = count; k < node_.outputs.size(); ++k)
    if (const BufferId to = wanted(k); to.valid())
      stacks.emplace_back(body, body.entry().outputs[k + 1], owner_, to);
  bool go_on = true;
  for (int64_t trip = 0; trip < *trips && go_on; ++trip) {
    write<int64_t>(body, 0, trip);
    write<uint8_t>(body, 1, 1);
    KASURI_RETURN_IF_ERROR(run_body(0));
    const auto next = truth(body.value_of(body.entry().outputs[0]));
    if (!next) return Error("the condition a body gives must be one boolean");
    go_on = *next;
    for (StackedOutput& stack : stacks) KASURI_RETURN_IF_ERROR(stack.add());
    KASURI_RETURN_IF_ERROR(carried.advance());
  }
  for (size_t k = 0; k < count; ++k) KASURI_RETURN_IF_ERROR(give(k, carried.value(k)));
  for (StackedOutput& stack : stacks) KASURI_RETURN_IF_ERROR(stack.finish());
  return Outcome::kDone;
}

Result<Outcome> ControlRun::run_scan(const std::vector<RuntimeValue>& inputs) {
  Frame& body = *frames_[0];
  const PlanEntry& entry = body.entry();
  const auto scans = static_cast<size_t>(node_.get_int("num_scan_inputs", 0));
  const size_t states = inputs.size() - scans;
  const auto axes = node_.get_ints("scan_input_axes"),
             ways = node_.get_ints("scan_input_directions");
  const auto out_axes = node_.get_ints("scan_output_axes");
  const auto out_ways = node_.get_ints("scan_output_directions");
  std::vector<ScannedValue> cut, pasted;
  int64_t length = -1;
  for (size_t k = 0; k < scans; ++k) {
    cut.emplace_back(body, entry.inputs[states + k], entry_of(axes, k), entry_of(ways, k) != 0);
    if (!inputs[states + k].is_tensor()) return Outcome::kLibrary;
    KASURI_TRY(const int64_t extent, cut.back().take(inputs[states + k].tensor()));
    if (length >= 0 && extent != length) return Error("scan inputs differ in length");
    length = extent;
  }
  if (length <= 0) return Outcome::kLibrary;
  for (size_t k = 0; states + k < entry.outputs.size(); ++k) {
    pasted.emplace_back(body, entry.outputs[states + k], entry_of(out_axes, k),
                        entry_of(out_ways, k) != 0);
    KASURI_RETURN_IF_ERROR(pasted.back().make(length, owner_, wanted(states + k)));
  }
  CarriedValues carried(body, carried_values(entry, 0, 0, states));
  KASURI_RETURN_IF_ERROR(carried.start(std::span(inputs).first(states)));
  for (int64_t step = 0; step < length; ++step) {
    for (const ScannedValue& value : cut) value.cut(step);
    KASURI_RETURN_IF_ERROR(run_body(0));
    for (const ScannedValue& value : pasted) value.paste(step);
    KASURI_RETURN_IF_ERROR(carried.advance());
  }
  for (size_t k = 0; k < states; ++k) KASURI_RETURN_IF_ERROR(give(k, carried.value(k)));
  for (size_t k = 0; k < pasted.size(); ++k)
    KASURI_RETURN_IF_ERROR(pasted[k].finish(owner_, wanted(states + k)));
  return Outcome::kDone;
}

}  // namespace kasuri
