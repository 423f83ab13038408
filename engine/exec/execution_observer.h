#pragma once

#include <string>
#include <vector>

#include "engine/ir/runtime_value.h"
#include "engine/plan/plan.h"

namespace kasuri {

/// Told about each step while a plan runs; called on the executing thread. Must not throw.
class ExecutionObserver {
 public:
  virtual ~ExecutionObserver() = default;
  virtual void on_step_begin(const PlanStep& step) = 0;
  virtual void on_step_end(const PlanStep& step) = 0;
  /// After a step, if wants_outputs(): its outputs as tensors (copied).
  virtual bool wants_outputs() const { return false; }
  virtual void on_outputs(const PlanStep&, const std::vector<RuntimeValue>&) {}
  /// If wants_bodies(): what happens between begin and end of a control step; bodies nest. A body
  /// begins and ends once per iteration. Bodies and steps of a plan keep their addresses.
  virtual bool wants_bodies() const { return false; }
  virtual void on_body_begin(const PlanBody&) {}
  virtual void on_body_end(const PlanBody&) {}
  virtual void on_body_step_begin(const PlanStep&) {}
  virtual void on_body_step_end(const PlanStep&) {}
  /// Values did not fit the plans of the step's bodies; the library runs it.
  virtual void on_misfit(const PlanStep&, const std::string& /*why*/) {}
};

}  // namespace kasuri
