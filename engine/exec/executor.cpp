#include "engine/exec/executor.h"

#include <algorithm>
#include <cstring>

#include "engine/exec/arena.h"

namespace kasuri {
namespace {

/// A copy with memory of its own where the value only looks at memory that will change.
RuntimeValue detached(const RuntimeValue& value) {
  if (value.is_sequence()) {
    TensorSequence items;
    for (const RuntimeValue& item : value.items()) items.push_back(detached(item));
    RuntimeValue out = RuntimeValue::sequence(std::move(items));
    out.is_optional = value.is_optional;
    return out;
  }
  if (!value.is_tensor() || value.tensor().owns_memory() ||
      value.tensor().dtype() == DataType::kString)
    return value;
  const Tensor& tensor = value.tensor();
  RuntimeValue out = Tensor::make(tensor.dtype(), tensor.extents(), [&](std::span<std::byte> to) {
    if (!to.empty()) std::memcpy(to.data(), tensor.bytes().data(), to.size());
  });
  out.is_optional = value.is_optional;
  return out;
}

std::string text_of(const Tensor& tensor) {
  return std::string(name_of(tensor.dtype())) + kasuri::text_of(shape_of(tensor.extents()));
}

bool accepts(const ValueType& type, const Tensor& tensor) {
  if (type.dtype != DataType::kUndefined && type.dtype != tensor.dtype()) return false;
  if (!type.shape) return true;
  if (type.shape->size() != tensor.extents().size()) return false;
  for (size_t k = 0; k < type.shape->size(); ++k)
    if ((*type.shape)[k].known() && (*type.shape)[k].value() != tensor.extents()[k]) return false;
  return true;
}

constexpr size_t kInputAlignment = 64;

bool is_aligned(const Tensor& tensor) {
  return reinterpret_cast<uintptr_t>(tensor.bytes().data()) % kInputAlignment == 0;
}

/// Undoes a physical axis order while copying to a row-major tensor.
Tensor row_major_copy(const PlanBuffer& buffer, const std::byte* from) {
  const std::vector<int64_t> extents = *extents_of(*buffer.type.shape);
  return Tensor::make(buffer.type.dtype, extents, [&](std::span<std::byte> to) {
    if (to.empty()) return;
    if (buffer.axis_order.empty()) {
      std::memcpy(to.data(), from, to.size());
      return;
    }
    const size_t size = static_cast<size_t>(bits_of(buffer.type.dtype)) / 8;
    std::vector<int64_t> strides(extents.size(), 1), at(extents.size(), 0);
    int64_t stride = 1;
    for (size_t k = extents.size(); k-- > 0;) {
      strides[buffer.axis_order[k]] = stride;
      stride *= extents[buffer.axis_order[k]];
    }
    for (size_t i = 0; i < to.size() / size; ++i) {
      int64_t offset = 0;
      for (size_t k = 0; k < at.size(); ++k) offset += at[k] * strides[k];
      std::memcpy(to.data() + i * size, from + offset * static_cast<int64_t>(size), size);
      for (size_t k = at.size(); k-- > 0 && ++at[k] == extents[k];) at[k] = 0;
    }
  });
}

}  // namespace

struct Executor::State {
  PlanPointer plan;
  std::shared_ptr<const LibraryBackend> library;
  std::unique_ptr<ThreadPool> pool;
  Arena arena, outputs;
  std::vector<std::byte*> pointers;  // by buffer; null for kDynamic and let-go constants
  std::vector<RuntimeValue> values;  // by buffer: kDynamic values and what inputs keep alive
  struct Bound {
    std::vector<const std::byte*> inputs;
    std::vector<std::byte*> outputs;
  };
  std::vector<Bound> bound;                  // by step
  std::vector<std::vector<BufferId>> dying;  // by step: dynamic values it reads last
  bool is_bound = false;

  const PlanEntry& entry() const { return plan->entry(); }
  const PlanBuffer& buffer(BufferId id) const { return entry().buffers[id.index()]; }

  Status allocate();
  void find_dying();
  Status bind_input(BufferId id, const std::string& name, const RuntimeValue& value);
  void connect();
  RuntimeValue value_of(BufferId id) const;
  Status run_step(size_t number, const TaskContext& context);
  Status run_library(const PlanStep& step, const TaskContext& context);
  Status store(BufferId id, RuntimeValue value);
  std::optional<BufferId> find_buffer(const PlanStep& step, const std::string& name) const;
};

Status Executor::State::allocate() {
  const PlanEntry& e = entry();
  KASURI_TRY(arena, Arena::allocate(e.memory.arena_bytes));
  int64_t total = 0;
  std::vector<int64_t> offsets(e.buffers.size(), 0);
  for (const PlanBuffer& b : e.buffers)
    if (b.kind == BufferKind::kOutput) {
      offsets[b.id.index()] = total;
      total += (b.bytes + 63) / 64 * 64;
    }
  KASURI_TRY(outputs, Arena::allocate(total));
  pointers.assign(e.buffers.size(), nullptr);
  values.assign(e.buffers.size(), RuntimeValue());
  for (const PlanBuffer& b : e.buffers) {
    std::byte*& p = pointers[b.id.index()];
    if (b.kind == BufferKind::kArena) p = arena.data() + b.offset;
    if (b.kind == BufferKind::kOutput) p = outputs.data() + offsets[b.id.index()];
    if (b.kind == BufferKind::kConstant && b.constant.defined() &&
        b.constant.dtype() != DataType::kString)
      p = const_cast<std::byte*>(b.constant.bytes().data());  // read only; see KernelArguments
  }
  find_dying();
  return ok_status();
}

void Executor::State::find_dying() {
  dying.assign(entry().steps.size(), {});
  for (const PlanBuffer& b : entry().buffers) {
    const bool output =
        std::find(entry().outputs.begin(), entry().outputs.end(), b.id) != entry().outputs.end();
    const bool input =
        std::find(entry().inputs.begin(), entry().inputs.end(), b.id) != entry().inputs.end();
    if (b.kind == BufferKind::kDynamic && !output && !input && b.last_step >= 0)
      dying[b.last_step].push_back(b.id);
  }
}

Status Executor::State::bind_input(BufferId id, const std::string& name,
                                   const RuntimeValue& value) {
  const PlanBuffer& b = buffer(id);
  if (value.is_tensor() && b.type.is_tensor() && !accepts(b.type, value.tensor()))
    return Error("input '" + name + "' is " + text_of(value.tensor()) + ", the model takes " +
                 b.type.text());
  if (b.kind != BufferKind::kInput) {
    values[id.index()] = value;
    return ok_status();
  }
  if (!value.is_tensor()) return Error("input '" + name + "' must be a tensor " + b.type.text());
  Tensor tensor = value.tensor();
  if (!is_aligned(tensor))
    tensor = Tensor::make(tensor.dtype(), tensor.extents(), [&](std::span<std::byte> to) {
      if (!to.empty()) std::memcpy(to.data(), tensor.bytes().data(), to.size());
    });
  values[id.index()] = tensor;
  pointers[id.index()] = const_cast<std::byte*>(tensor.bytes().data());
  return ok_status();
}

void Executor::State::connect() {
  for (const PlanBuffer& b : entry().buffers)
    if (b.kind == BufferKind::kAlias && pointers[b.alias_of.index()] != nullptr)
      pointers[b.id.index()] = pointers[b.alias_of.index()] + b.alias_offset;
  bound.assign(entry().steps.size(), {});
  for (size_t s = 0; s < bound.size(); ++s) {
    for (BufferId id : entry().steps[s].inputs) bound[s].inputs.push_back(pointers[id.index()]);
    for (BufferId id : entry().steps[s].outputs) bound[s].outputs.push_back(pointers[id.index()]);
  }
  is_bound = true;
}

RuntimeValue Executor::State::value_of(BufferId id) const {
  const PlanBuffer& b = buffer(id);
  if (b.kind == BufferKind::kDynamic) return values[id.index()];
  if (b.kind == BufferKind::kConstant) return b.constant;
  const auto extents = *extents_of(*b.type.shape);
  return Tensor::view(b.type.dtype, extents, {pointers[id.index()], static_cast<size_t>(b.bytes)},
                      nullptr);
}

Status Executor::State::store(BufferId id, RuntimeValue value) {
  const PlanBuffer& b = buffer(id);
  if (b.kind == BufferKind::kDynamic) {
    values[id.index()] = detached(value);
    return ok_status();
  }
  if (!value.is_tensor() || !accepts(b.type, value.tensor()))
    return Error("'" + b.name + "' became " +
                 (value.is_tensor() ? text_of(value.tensor()) : std::string("no tensor")) +
                 ", planned was " + b.type.text());
  if (b.bytes > 0)
    std::memmove(pointers[id.index()], value.tensor().bytes().data(), static_cast<size_t>(b.bytes));
  return ok_status();
}

std::optional<BufferId> Executor::State::find_buffer(const PlanStep& step,
                                                     const std::string& name) const {
  for (BufferId id : step.inputs)
    if (buffer(id).name == name) return id;
  return std::nullopt;
}

Status Executor::State::run_library(const PlanStep& step, const TaskContext& context) {
  const Graph& graph = plan->graph();
  const Node& node = graph.node(step.nodes.at(0));
  std::vector<RuntimeValue> inputs;
  for (ValueId in : node.inputs) {
    if (!in.valid()) {
      inputs.emplace_back();
      continue;
    }
    const auto id = find_buffer(step, graph.value(in).name);
    KASURI_CHECK(id.has_value(), "an input of a library step");
    inputs.push_back(value_of(*id));
  }
  const auto captured = [&](const std::string& name) -> Result<RuntimeValue> {
    if (const auto id = find_buffer(step, name)) return value_of(*id);
    return Error("a body reads '" + name + "', which nothing outside defines");
  };
  KASURI_TRY(std::vector<RuntimeValue> made, library->run(graph, node, inputs, captured, context));
  for (BufferId id : step.outputs) {
    const auto at = std::find(node.outputs.begin(), node.outputs.end(), buffer(id).value);
    const size_t k = static_cast<size_t>(at - node.outputs.begin());
    if (k >= made.size()) return Error("output " + std::to_string(k) + " was not computed");
    KASURI_RETURN_IF_ERROR(store(id, std::move(made[k])));
  }
  return ok_status();
}

Status Executor::State::run_step(size_t number, const TaskContext& context) {
  const PlanStep& step = entry().steps[number];
  if (step.kind == StepKind::kLibrary) return run_library(step, context);
  if (!step.kernel) return ok_status();
  std::byte* workspace = step.workspace_bytes > 0 ? arena.data() + step.workspace_offset : nullptr;
  return step.kernel->run({bound[number].inputs, bound[number].outputs, workspace, pool.get()});
}

Executor::Executor(std::unique_ptr<State> state) : state_(std::move(state)) {}
Executor::~Executor() = default;

const Plan& Executor::plan() const { return *state_->plan; }

Result<std::unique_ptr<Executor>> Executor::create(PlanPointer plan,
                                                   std::shared_ptr<const LibraryBackend> library,
                                                   int threads, std::vector<int> cpus) {
  auto state = std::make_unique<State>();
  state->plan = std::move(plan);
  state->library = std::move(library);
  state->pool = std::make_unique<ThreadPool>(std::max(1, threads), std::move(cpus));
  KASURI_RETURN_IF_ERROR(state->allocate());
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
    const bool optional = state_->buffer(entry.inputs[k]).type.kind == ValueType::Kind::kOptional;
    if (it == inputs.end() && !optional)
      return Error("input '" + entry.input_names[k] + "' is missing");
    const RuntimeValue none;
    KASURI_RETURN_IF_ERROR(state_->bind_input(entry.inputs[k], entry.input_names[k],
                                              it == inputs.end() ? none : it->second));
  }
  state_->connect();
  return ok_status();
}

Status Executor::run_bound(const TaskContext& context, ExecutionObserver* observer) {
  KASURI_CHECK(state_->is_bound, "run_bound() before bind()");
  const DenormalGuard flush;
  const std::vector<PlanStep>& steps = state_->entry().steps;
  for (size_t s = 0; s < steps.size(); ++s) {
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    if (observer != nullptr) observer->on_step_begin(steps[s]);
    Status status = state_->run_step(s, context);
    if (!status.ok())
      return std::move(status).error().with_context("running '" + steps[s].name + "' (" +
                                                    steps[s].op + ")");
    if (observer != nullptr) {
      observer->on_step_end(steps[s]);
      if (observer->wants_outputs()) {
        std::vector<RuntimeValue> made;
        for (BufferId id : steps[s].outputs) {
          const PlanBuffer& b = state_->buffer(id);
          made.push_back(b.kind == BufferKind::kDynamic
                             ? state_->value_of(id)
                             : RuntimeValue(row_major_copy(b, state_->pointers[id.index()])));
        }
        observer->on_outputs(steps[s], made);
      }
    }
    for (BufferId id : state_->dying[s]) state_->values[id.index()] = RuntimeValue();
  }
  return ok_status();
}

Result<std::vector<RuntimeValue>> Executor::bound_outputs() const {
  std::vector<RuntimeValue> out;
  for (BufferId id : state_->entry().outputs) {
    const PlanBuffer& b = state_->buffer(id);
    if (b.kind == BufferKind::kDynamic || b.kind == BufferKind::kConstant)
      out.push_back(state_->value_of(id));
    else
      out.push_back(row_major_copy(b, state_->pointers[id.index()]));
  }
  return out;
}

Result<std::vector<RuntimeValue>> Executor::run(const std::map<std::string, RuntimeValue>& inputs,
                                                const TaskContext& context,
                                                ExecutionObserver* observer) {
  KASURI_RETURN_IF_ERROR(bind(inputs));
  KASURI_RETURN_IF_ERROR(run_bound(context, observer));
  return bound_outputs();
}

}  // namespace kasuri
