#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/cancel_token.h"
#include "engine/exec/execution_observer.h"
#include "engine/plan/plan.h"

namespace kasuri {

/// What every frame of a run shares; outlives them.
struct FrameServices {
  const LibraryBackend* library = nullptr;
  ThreadPool* pool = nullptr;
};

/// Memory of values whose shape is known only at run time, as seen in observed runs.
struct DynamicMemory {
  std::vector<int64_t> buffer_bytes;  ///< By buffer: of the largest value seen.
  std::vector<int64_t> live_bytes;    ///< By step: alive when it ended, those of bodies included.
  int64_t peak_bytes() const;
};

/// One plan ready to run: where each buffer lies, the values made at run time, and a frame for
/// every body. One run at a time.
class Frame {
 public:
  /// `places`: by buffer, memory of outputs and (for a body) of inputs; null for all others.
  /// `depth`: 0 for the model, more for bodies.
  Frame(PlanPointer plan, FrameServices services, std::byte* arena, std::vector<std::byte*> places,
        int depth = 0);
  ~Frame();
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  const Plan& plan() const { return *plan_; }
  const PlanEntry& entry() const { return plan_->entry(); }
  const PlanBuffer& buffer(BufferId id) const { return entry().buffers[id.index()]; }
  /// Null for dynamic values, strings and constants nobody reads any more.
  std::byte* memory_of(BufferId id) const { return pointers_[id.index()]; }

  /// An input that is read where it lies until the next one; call connect() afterwards. Errors:
  /// dtype or shape do not fit.
  Status look_at(BufferId id, const RuntimeValue& value);
  void connect();
  /// What the buffer holds; static values are looked at, not copied.
  RuntimeValue value_of(BufferId id) const;
  /// Puts a value there: copied into static memory, kept (detached) where dynamic. Errors: it does
  /// not fit what was planned.
  Status store(BufferId id, const RuntimeValue& value);
  /// The values of a node's inputs, absent ones included, in order.
  std::vector<RuntimeValue> inputs_of(const PlanStep& step) const;

  Status run(const TaskContext& context, ExecutionObserver* observer);
  /// Lets go of all values made at run time.
  void clear();
  const DynamicMemory& dynamic_memory() const { return dynamic_; }
  /// By step: why values did not fit the plans of its bodies, so that the library runs it from
  /// then on; mostly empty.
  const std::vector<std::string>& misfits() const { return misfits_; }

 private:
  friend class ControlRun;

  void place_buffers(const std::vector<std::byte*>& places);
  void make_children();
  void find_dying();
  std::optional<BufferId> find_buffer(const PlanStep& step, const std::string& name) const;
  Status run_step(size_t number, const TaskContext& context, ExecutionObserver* observer);
  Status run_library(const PlanStep& step, const TaskContext& context);
  Status run_control(size_t number, const TaskContext& context, ExecutionObserver* observer);
  void tell(ExecutionObserver& observer, const PlanStep& step, bool begins) const;
  void tell_outputs(ExecutionObserver& observer, const PlanStep& step) const;
  void measure(size_t number);

  struct Bound {
    std::vector<const std::byte*> inputs;
    std::vector<std::byte*> outputs;
  };

  PlanPointer plan_;
  FrameServices services_;
  std::byte* arena_;
  int depth_;
  std::vector<std::byte*> pointers_;          // by buffer
  bool moved_ = true;                         // an input lies elsewhere since connect()
  std::vector<RuntimeValue> values_;          // by buffer: dynamic values, what inputs keep alive
  std::vector<Bound> bound_;                  // by step
  std::vector<std::vector<BufferId>> dying_;  // by step: dynamic values it reads last
  std::vector<std::vector<std::unique_ptr<Frame>>> children_;  // by step: frames of its bodies
  std::vector<std::string> misfits_;                           // by step
  std::vector<BufferId> dynamic_ids_;
  DynamicMemory dynamic_;
};

}  // namespace kasuri
