#include "engine/exec/executor.h"

#include <algorithm>

#include "engine/exec/arena.h"
#include "engine/exec/values.h"

namespace kasuri {
namespace {

bool lies_row_major(const PlanBuffer& buffer) { return buffer.axis_order.empty(); }

}  // namespace

struct Executor::State {
  std::shared_ptr<const LibraryBackend> library;
  std::shared_ptr<ExecutorSpace> space;
  std::shared_ptr<Arena> arena;
  Arena outputs;
  std::unique_ptr<Frame> frame;
  bool is_bound = false;
  std::vector<RuntimeValue> views;  // of outputs; empty: not looked at yet
  bool views_stay = false;          // all of them lie in `outputs`

  const PlanEntry& entry() const { return frame->entry(); }
  Status allocate(PlanPointer plan);
};

Status Executor::State::allocate(PlanPointer plan) {
  const PlanEntry& e = plan->entry();
  KASURI_TRY(arena, space->arena(e.memory.arena_bytes));
  int64_t total = 0;
  std::vector<int64_t> offsets(e.buffers.size(), -1);
  for (const PlanBuffer& b : e.buffers)
    if (b.kind == BufferKind::kOutput) {
      offsets[b.id.index()] = total;
      total += (b.bytes + 63) / 64 * 64;
    }
  KASURI_TRY(outputs, Arena::allocate(total));
  views_stay = std::all_of(e.outputs.begin(), e.outputs.end(), [&](BufferId id) {
    const PlanBuffer& b = e.buffers[id.index()];
    return b.kind == BufferKind::kOutput && lies_row_major(b);
  });
  std::vector<std::byte*> places(e.buffers.size(), nullptr);
  for (size_t k = 0; k < places.size(); ++k)
    if (offsets[k] >= 0) places[k] = outputs.data() + offsets[k];
  frame = std::make_unique<Frame>(std::move(plan), FrameServices{library.get(), &space->pool()},
                                  arena->data(), std::move(places));
  return ok_status();
}

Executor::Executor(std::unique_ptr<State> state) : state_(std::move(state)) {}
Executor::~Executor() = default;

const Plan& Executor::plan() const { return state_->frame->plan(); }

const DynamicMemory& Executor::dynamic_memory() const { return state_->frame->dynamic_memory(); }

const std::vector<std::string>& Executor::misfits() const { return state_->frame->misfits(); }

Result<std::unique_ptr<Executor>> Executor::create(PlanPointer plan,
                                                   std::shared_ptr<const LibraryBackend> library,
                                                   int threads, std::vector<int> cpus) {
  return create(std::move(plan), std::move(library),
                std::make_shared<ExecutorSpace>(threads, std::move(cpus)));
}

Result<std::unique_ptr<Executor>> Executor::create(PlanPointer plan,
                                                   std::shared_ptr<const LibraryBackend> library,
                                                   std::shared_ptr<ExecutorSpace> space) {
  auto state = std::make_unique<State>();
  state->library = std::move(library);
  state->space = std::move(space);
  KASURI_RETURN_IF_ERROR(state->allocate(std::move(plan)));
  return std::unique_ptr<Executor>(new Executor(std::move(state)));
}

Status Executor::bind(const std::map<std::string, RuntimeValue>& inputs) {
  const PlanEntry& entry = state_->entry();
  for (const auto& [name, value] : inputs)
    if (std::find(entry.input_names.begin(), entry.input_names.end(), name) ==
        entry.input_names.end())
      return Error("the model has no input '" + name + "'");
  for (size_t k = 0; k < entry.inputs.size(); ++k) {
    const auto it = inputs.find(entry.input_names[k]);
    const bool optional =
        state_->frame->buffer(entry.inputs[k]).type.kind == ValueType::Kind::kOptional;
    if (it == inputs.end() && !optional)
      return Error("input '" + entry.input_names[k] + "' is missing");
    KASURI_RETURN_IF_ERROR(
        state_->frame->look_at(entry.inputs[k], it == inputs.end() ? RuntimeValue() : it->second));
  }
  state_->frame->connect();
  state_->is_bound = true;
  return ok_status();
}

Status Executor::run_bound(const TaskContext& context, ExecutionObserver* observer) {
  KASURI_CHECK(state_->is_bound, "run_bound() before bind()");
  const DenormalGuard flush;
  return state_->frame->run(context, observer);
}

std::vector<RuntimeValue> Executor::outputs(bool as_views) const {
  const Frame& frame = *state_->frame;
  std::vector<RuntimeValue> out;
  for (BufferId id : frame.entry().outputs) {
    const PlanBuffer& b = frame.buffer(id);
    const bool lies_so = as_views && lies_row_major(b);
    if (b.kind == BufferKind::kDynamic || b.kind == BufferKind::kConstant || lies_so)
      out.push_back(frame.value_of(id));
    else
      out.push_back(row_major_copy(b, frame.memory_of(id)));
  }
  return out;
}

const std::vector<RuntimeValue>& Executor::output_views() {
  if (!state_->views_stay || state_->views.empty()) state_->views = outputs(true);
  return state_->views;
}

Result<std::vector<RuntimeValue>> Executor::run(const std::map<std::string, RuntimeValue>& inputs,
                                                const TaskContext& context,
                                                ExecutionObserver* observer) {
  KASURI_RETURN_IF_ERROR(bind(inputs));
  KASURI_RETURN_IF_ERROR(run_bound(context, observer));
  return bound_outputs();
}

}  // namespace kasuri
