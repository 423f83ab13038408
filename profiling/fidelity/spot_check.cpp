#include "profiling/fidelity/spot_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "engine/exec/executor.h"
#include "engine/plan/planner.h"
#include "engine/rewrite/plan_decisions.h"
#include "profiling/fidelity/output_difference.h"
#include "profiling/fidelity/single_elements.h"
#include "profiling/runtimes/backends.h"

namespace kasuri::profiling {
namespace {

constexpr int kElements = 64;
constexpr double kRoundingPerTerm = 1e-6;

/// Follows a run of one-node steps and checks each node on the values it really read.
class NodeChecker : public ExecutionObserver {
 public:
  NodeChecker(const Plan& plan, const std::map<std::string, RuntimeValue>& inputs,
              const TaskContext& context)
      : plan_(plan), graph_(plan.graph()), context_(context) {
    for (const auto& [name, value] : inputs) values_[name] = value;
    for (const PlanBuffer& buffer : plan.entry().buffers) buffers_.push_back(&buffer);
    for (NodeId id : graph_.node_ids())
      for (ValueId input : graph_.node(id).inputs)
        if (input.valid()) ++readers_[graph_.value(input).name];
  }

  void on_step_begin(const PlanStep&) override {}
  void on_step_end(const PlanStep&) override {}
  bool wants_outputs() const override { return true; }
  void on_outputs(const PlanStep& step, const std::vector<RuntimeValue>& outputs) override {
    for (size_t i = 0; i < outputs.size() && i < step.outputs.size(); ++i)
      values_[buffers_[step.outputs[i].index()]->name] = outputs[i];
    for (NodeId id : step.nodes)
      if (problem_.empty() && graph_.contains(id)) check(graph_.node(id));
    context_.report("Spot check", ++steps_, static_cast<double>(plan_.entry().steps.size()));
  }

  const std::string& problem() const { return problem_; }
  int contractions() const { return contractions_; }
  int in_full() const { return in_full_; }
  int unchecked() const { return unchecked_; }

 private:
  std::optional<RuntimeValue> value_of(ValueId id) const {
    if (!id.valid()) return RuntimeValue();
    const Value& value = graph_.value(id);
    if (value.constant) return RuntimeValue(*value.constant);
    const auto found = values_.find(value.name);
    if (found == values_.end()) return std::nullopt;
    return found->second;
  }

  void check(const Node& node) {
    std::vector<RuntimeValue> inputs;
    bool known = captured_values(graph_, node).empty();
    for (ValueId id : node.inputs) {
      auto value = value_of(id);
      known = known && value.has_value();
      inputs.push_back(value.value_or(RuntimeValue()));
    }
    const auto output = value_of(node.output(0));
    if (!known || !output || !output->is_tensor()) {
      ++unchecked_;
    } else if (can_recompute(node, inputs)) {
      check_elements(node, inputs, output->tensor());
    } else {
      check_in_full(node, inputs, *output);
    }
    release(node);
  }

  void check_elements(const Node& node, const std::vector<RuntimeValue>& inputs,
                      const Tensor& output) {
    ++contractions_;
    const int64_t count = output.count();
    for (int i = 0; i < kElements && count > 0; ++i) {
      const int64_t index = static_cast<int64_t>(random_() % static_cast<uint64_t>(count));
      const auto expected = recompute_element(node, inputs, output, index);
      if (!expected) return;
      const double got = output.data<float>()[static_cast<size_t>(index)];
      const double allowed = kRoundingPerTerm * 32 * expected->magnitude + 1e-30;
      if (std::fabs(got - expected->value) <= allowed) continue;
      problem_ = fmt::format("node '{}' ({}): element {} is {:.7g}, recomputed {:.7g}", node.name,
                             node.op.text(), index, got, expected->value);
      return;
    }
  }

  void check_in_full(const Node& node, const std::vector<RuntimeValue>& inputs,
                     const RuntimeValue& got) {
    const auto expected = engine_backends().reference->evaluate(graph_, node, inputs);
    if (!expected.ok() || expected->empty()) {
      ++unchecked_;
      return;
    }
    ++in_full_;
    const auto difference = compare_output(node.name, (*expected)[0], got, tolerance_);
    if (difference.verdict == FidelityVerdict::kBroken)
      problem_ = fmt::format("node '{}' ({}) {}", node.name, node.op.text(), difference.why);
  }

  /// Drops values nobody reads any more.
  void release(const Node& node) {
    for (ValueId id : node.inputs) {
      if (!id.valid()) continue;
      const std::string& name = graph_.value(id).name;
      if (--readers_[name] <= 0) values_.erase(name);
    }
  }

  const Plan& plan_;
  const Graph& graph_;
  const TaskContext& context_;
  std::map<std::string, RuntimeValue> values_;
  std::vector<const PlanBuffer*> buffers_;
  std::map<std::string, int> readers_;
  std::mt19937_64 random_{17};
  Tolerance tolerance_;
  std::string problem_;
  double steps_ = 0;
  int contractions_ = 0, in_full_ = 0, unchecked_ = 0;
};

}  // namespace

Result<ReferenceOutputs> spot_checked_outputs(const Graph& graph,
                                              const std::map<std::string, RuntimeValue>& inputs,
                                              const TaskContext& context) {
  const EngineBackends& backends = engine_backends();
  auto shared = std::make_shared<const Graph>(graph);
  KASURI_TRY(const PlanPointer plan,
             make_plan(shared, PlanDecisions(), backends.plan_set(), {}, context));
  KASURI_TRY(const auto executor, Executor::create(plan, backends.reference, 1));
  NodeChecker checker(*plan, inputs, context);
  KASURI_TRY(const std::vector<RuntimeValue> values, executor->run(inputs, context, &checker));
  if (!checker.problem().empty())
    return Error("spot check failed: " + checker.problem(), ErrorKind::kInternal);
  ReferenceOutputs outputs;
  outputs.method = fmt::format(
      "spot check: {} random elements of each of {} contractions, {} nodes in full, "
      "{} not checkable alone",
      kElements, checker.contractions(), checker.in_full(), checker.unchecked());
  for (size_t i = 0; i < values.size(); ++i) outputs.values[graph.outputs()[i].name] = values[i];
  return outputs;
}

}  // namespace kasuri::profiling
