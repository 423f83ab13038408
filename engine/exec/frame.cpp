#include "engine/exec/frame.h"

#include <algorithm>
#include <cstring>

#include "engine/exec/control_run.h"
#include "engine/exec/values.h"
#include "engine/plan/frame_layout.h"

namespace kasuri {
namespace {

bool lists(const std::vector<BufferId>& ids, BufferId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

int64_t DynamicMemory::peak_bytes() const {
  return live_bytes.empty() ? 0 : *std::max_element(live_bytes.begin(), live_bytes.end());
}

Frame::Frame(PlanPointer plan, FrameServices services, std::byte* arena,
             std::vector<std::byte*> places, int depth)
    : plan_(std::move(plan)), services_(services), arena_(arena), depth_(depth) {
  place_buffers(places);
  find_dying();
  make_children();
}

Frame::~Frame() = default;

void Frame::place_buffers(const std::vector<std::byte*>& places) {
  const size_t count = entry().buffers.size();
  pointers_.assign(count, nullptr);
  values_.assign(count, RuntimeValue());
  dynamic_.buffer_bytes.assign(count, 0);
  for (const PlanBuffer& b : entry().buffers) {
    std::byte*& p = pointers_[b.id.index()];
    p = places[b.id.index()];
    if (b.kind == BufferKind::kArena) p = arena_ + b.offset;
    if (b.kind == BufferKind::kConstant && b.constant.defined() &&
        b.constant.dtype() != DataType::kString)
      p = const_cast<std::byte*>(b.constant.bytes().data());  // read only; see KernelArguments
    if (b.kind == BufferKind::kDynamic) dynamic_ids_.push_back(b.id);
  }
}

void Frame::find_dying() {
  dying_.assign(entry().steps.size(), {});
  dynamic_.live_bytes.assign(entry().steps.size(), 0);
  misfits_.assign(entry().steps.size(), "");
  for (BufferId id : dynamic_ids_) {
    const bool outlives =
        lists(entry().outputs, id) || lists(entry().inputs, id) || lists(entry().captures, id);
    if (!outlives && buffer(id).last_step >= 0) dying_[buffer(id).last_step].push_back(id);
  }
}

void Frame::make_children() {
  children_.resize(entry().steps.size());
  for (size_t s = 0; s < entry().steps.size(); ++s) {
    const PlanStep& step = entry().steps[s];
    for (const PlanBody& body : step.bodies) {
      std::byte* memory = arena_ + step.workspace_offset;
      const FrameLayout layout = frame_layout(body.plan->entry());
      std::vector<std::byte*> places(layout.offsets.size(), nullptr);
      for (size_t b = 0; b < places.size(); ++b)
        if (layout.offsets[b] >= 0) places[b] = memory + layout.offsets[b];
      children_[s].push_back(
          std::make_unique<Frame>(body.plan, services_, memory, std::move(places), depth_ + 1));
    }
  }
}

Status Frame::look_at(BufferId id, const RuntimeValue& value) {
  const PlanBuffer& b = buffer(id);
  const auto who = [&] { return (depth_ == 0 ? "input '" : "'") + b.name + "'"; };
  if (value.is_tensor() && b.type.is_tensor() && !accepts(b.type, value.tensor()))
    return Error(who() + " is " + text_of(value.tensor()) + ", " +
                 (depth_ == 0 ? "the model takes " : "planned was ") + b.type.text());
  if (b.kind != BufferKind::kInput) {
    values_[id.index()] = value;
    return ok_status();
  }
  if (!value.is_tensor()) return Error(who() + " must be a tensor " + b.type.text());
  const Tensor tensor = depth_ == 0 ? aligned(value.tensor()) : value.tensor();
  values_[id.index()] = tensor;
  auto* const at = const_cast<std::byte*>(tensor.bytes().data());
  moved_ = moved_ || pointers_[id.index()] != at;
  pointers_[id.index()] = at;
  return ok_status();
}

void Frame::connect() {
  if (!moved_) return;
  moved_ = false;
  for (const PlanBuffer& b : entry().buffers)
    if (b.kind == BufferKind::kAlias && pointers_[b.alias_of.index()] != nullptr)
      pointers_[b.id.index()] = pointers_[b.alias_of.index()] + b.alias_offset;
  bound_.resize(entry().steps.size());
  for (size_t s = 0; s < bound_.size(); ++s) {
    bound_[s].inputs.clear();
    bound_[s].outputs.clear();
    for (BufferId id : entry().steps[s].inputs) bound_[s].inputs.push_back(pointers_[id.index()]);
    for (BufferId id : entry().steps[s].outputs) bound_[s].outputs.push_back(pointers_[id.index()]);
  }
}

RuntimeValue Frame::value_of(BufferId id) const {
  const PlanBuffer& b = buffer(id);
  if (b.kind == BufferKind::kDynamic) return values_[id.index()];
  if (b.kind == BufferKind::kConstant) return b.constant;
  const auto extents = *extents_of(*b.type.shape);
  return Tensor::view(b.type.dtype, extents, {pointers_[id.index()], static_cast<size_t>(b.bytes)},
                      nullptr);
}

Status Frame::store(BufferId id, const RuntimeValue& value) {
  const PlanBuffer& b = buffer(id);
  const bool fits = value.is_tensor() ? accepts(b.type, value.tensor()) : false;
  if (b.kind == BufferKind::kDynamic) {
    if (depth_ > 0 && value.is_tensor() && b.type.is_tensor() && !fits)
      return Error("'" + b.name + "' became " + text_of(value.tensor()) + ", planned was " +
                   b.type.text());
    values_[id.index()] = detached(value);
    return ok_status();
  }
  if (!fits)
    return Error("'" + b.name + "' became " +
                 (value.is_tensor() ? text_of(value.tensor()) : std::string("no tensor")) +
                 ", planned was " + b.type.text());
  if (b.bytes > 0)
    std::memmove(pointers_[id.index()], value.tensor().bytes().data(),
                 static_cast<size_t>(b.bytes));
  return ok_status();
}

std::optional<BufferId> Frame::find_buffer(const PlanStep& step, const std::string& name) const {
  for (BufferId id : step.inputs)
    if (buffer(id).name == name) return id;
  return std::nullopt;
}

std::vector<RuntimeValue> Frame::inputs_of(const PlanStep& step) const {
  const Node& node = plan_->graph().node(step.nodes.at(0));
  std::vector<RuntimeValue> inputs;
  for (ValueId in : node.inputs) {
    if (!in.valid()) {
      inputs.emplace_back();
      continue;
    }
    const auto id = find_buffer(step, plan_->graph().value(in).name);
    KASURI_CHECK(id.has_value(), "an input of a library step");
    inputs.push_back(value_of(*id));
  }
  return inputs;
}

Status Frame::run_library(const PlanStep& step, const TaskContext& context) {
  const Graph& graph = plan_->graph();
  const Node& node = graph.node(step.nodes.at(0));
  const std::vector<RuntimeValue> inputs = inputs_of(step);
  const auto captured = [&](const std::string& name) -> Result<RuntimeValue> {
    if (const auto id = find_buffer(step, name)) return value_of(*id);
    return Error("a body reads '" + name + "', which nothing outside defines");
  };
  KASURI_TRY(const std::vector<RuntimeValue> made,
             services_.library->run(graph, node, inputs, captured, context));
  for (BufferId id : step.outputs) {
    const auto at = std::find(node.outputs.begin(), node.outputs.end(), buffer(id).value);
    const size_t k = static_cast<size_t>(at - node.outputs.begin());
    if (k >= made.size()) return Error("output " + std::to_string(k) + " was not computed");
    KASURI_RETURN_IF_ERROR(store(id, made[k]));
  }
  return ok_status();
}

Status Frame::run_control(size_t number, const TaskContext& context, ExecutionObserver* observer) {
  const PlanStep& step = entry().steps[number];
  ExecutionObserver* inside = observer && observer->wants_bodies() ? observer : nullptr;
  std::string misfit = misfits_[number];
  if (misfit.empty()) {
    ControlRun control(*this, number, context, inside);
    const auto outcome = control.run();
    for (const auto& child : children_[number]) child->clear();
    if (outcome.ok() && *outcome == ControlRun::Outcome::kDone) return ok_status();
    if (!outcome.ok() && outcome.error().kind() == ErrorKind::kCancelled) return outcome.error();
    if (!outcome.ok()) misfit = outcome.error().text();
  }
  if (inside != nullptr && !misfit.empty()) inside->on_misfit(step, misfit);
  KASURI_RETURN_IF_ERROR(run_library(step, context));
  misfits_[number] = std::move(misfit);
  return ok_status();
}

Status Frame::run_step(size_t number, const TaskContext& context, ExecutionObserver* observer) {
  const PlanStep& step = entry().steps[number];
  if (step.kind == StepKind::kLibrary) return run_library(step, context);
  if (step.kind == StepKind::kControl) return run_control(number, context, observer);
  if (!step.kernel) return ok_status();
  std::byte* workspace = step.workspace_bytes > 0 ? arena_ + step.workspace_offset : nullptr;
  return step.kernel->run(
      {bound_[number].inputs, bound_[number].outputs, workspace, services_.pool});
}

void Frame::tell(ExecutionObserver& observer, const PlanStep& step, bool begins) const {
  if (depth_ == 0)
    begins ? observer.on_step_begin(step) : observer.on_step_end(step);
  else
    begins ? observer.on_body_step_begin(step) : observer.on_body_step_end(step);
}

void Frame::tell_outputs(ExecutionObserver& observer, const PlanStep& step) const {
  if (depth_ > 0 || !observer.wants_outputs()) return;
  std::vector<RuntimeValue> made;
  for (BufferId id : step.outputs)
    made.push_back(buffer(id).kind == BufferKind::kDynamic
                       ? value_of(id)
                       : RuntimeValue(row_major_copy(buffer(id), pointers_[id.index()])));
  observer.on_outputs(step, made);
}

void Frame::measure(size_t number) {
  int64_t live = 0;
  for (BufferId id : dynamic_ids_) {
    const int64_t bytes = held_bytes(values_[id.index()]);
    live += bytes;
    int64_t& largest = dynamic_.buffer_bytes[id.index()];
    largest = std::max(largest, bytes);
  }
  int64_t inside = 0;
  for (const auto& child : children_[number])
    inside = std::max(inside, child->dynamic_.peak_bytes());
  int64_t& most = dynamic_.live_bytes[number];
  most = std::max(most, live + inside);
}

Status Frame::run(const TaskContext& context, ExecutionObserver* observer) {
  const std::vector<PlanStep>& steps = entry().steps;
  for (size_t s = 0; s < steps.size(); ++s) {
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    if (observer != nullptr) tell(*observer, steps[s], true);
    Status status = run_step(s, context, observer);
    if (!status.ok())
      return std::move(status).error().with_context("running '" + steps[s].name + "' (" +
                                                    steps[s].op + ")");
    if (observer != nullptr) {
      tell(*observer, steps[s], false);
      tell_outputs(*observer, steps[s]);
      measure(s);
    }
    for (BufferId id : dying_[s]) values_[id.index()] = RuntimeValue();
  }
  return ok_status();
}

void Frame::clear() {
  for (BufferId id : dynamic_ids_) values_[id.index()] = RuntimeValue();
}

}  // namespace kasuri
