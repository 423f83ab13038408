#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/backend/reference/reference_backend.h"
#include "engine/exec/executor.h"
#include "engine/ir/graph.h"
#include "engine/ir/shape_inference.h"
#include "engine/plan/planner.h"

namespace kasuri::testing {

using Inputs = std::map<std::string, RuntimeValue>;

inline ValueType floats(const std::vector<int64_t>& extents) {
  return ValueType::tensor(DataType::kFloat, shape_of(extents));
}

/// Values in [-1, 1), different for every seed.
inline Tensor random_floats(const std::vector<int64_t>& extents, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> value(-1, 1);
  std::vector<float> data(static_cast<size_t>(*element_count(extents)));
  for (float& x : data) x = value(random);
  return Tensor::of<float>(extents, data);
}

inline std::shared_ptr<const Graph> finish(GraphBuilder& builder) {
  Result<Graph> graph = builder.take();
  EXPECT_TRUE(graph.ok()) << graph.error().text();
  Result<Graph> typed = infer_graph(std::move(*graph));
  EXPECT_TRUE(typed.ok()) << (typed.ok() ? "" : typed.error().text());
  return std::make_shared<const Graph>(std::move(*typed));
}

inline std::shared_ptr<const Backend> cpu_backend() {
  static const auto backend = cpu::create_backend("");
  EXPECT_TRUE(backend.ok());
  return *backend;
}

inline BackendSet backends() { return {{cpu_backend()}, std::make_shared<ReferenceBackend>()}; }

/// One group of all nodes with these names (all nodes when empty).
inline PlanDecisions grouped(const Graph& graph, const std::vector<std::string>& names = {},
                             const std::vector<std::string>& absorbed = {}) {
  PlanDecisions decisions;
  Group group;
  group.id = decisions.next_group_id();
  group.kind = "group";
  for (NodeId id : graph.topological_order()) {
    const std::string& name = graph.node(id).name;
    const auto listed = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), name) != list.end();
    };
    if (listed(absorbed))
      group.absorbed.push_back(id);
    else if (names.empty() || listed(names))
      group.nodes.push_back(id);
  }
  EXPECT_TRUE(decisions.apply(FormGroup{group, {}}).ok());
  return decisions;
}

struct Outcome {
  PlanPointer plan;
  std::vector<RuntimeValue> outputs;
};

inline Outcome run_plan(std::shared_ptr<const Graph> graph, const PlanDecisions& decisions,
                        const Inputs& inputs, PlanOptions options = {}) {
  const BackendSet set = backends();
  auto plan = make_plan(std::move(graph), decisions, set, options, {});
  EXPECT_TRUE(plan.ok()) << (plan.ok() ? "" : plan.error().text());
  if (!plan.ok()) return {};
  auto executor = Executor::create(*plan, set.library, options.threads);
  EXPECT_TRUE(executor.ok());
  auto outputs = (*executor)->run(inputs, {});
  EXPECT_TRUE(outputs.ok()) << (outputs.ok() ? "" : outputs.error().text());
  return {*plan, outputs.ok() ? *outputs : std::vector<RuntimeValue>()};
}

inline void expect_close(const Tensor& expected, const Tensor& actual, double tolerance) {
  ASSERT_EQ(expected.dtype(), actual.dtype());
  ASSERT_EQ(expected.extents(), actual.extents());
  if (expected.dtype() != DataType::kFloat) {
    EXPECT_EQ(expected.fingerprint(), actual.fingerprint());
    return;
  }
  const auto e = expected.data<float>(), a = actual.data<float>();
  for (size_t k = 0; k < e.size(); ++k) {
    if (std::isnan(e[k]) && std::isnan(a[k])) continue;
    ASSERT_NEAR(e[k], a[k], tolerance * (1 + std::fabs(e[k]))) << "element " << k;
  }
}

/// Runs on the reference backend alone and by the decisions on the CPU; outputs must agree.
inline PlanPointer expect_same(std::shared_ptr<const Graph> graph, const PlanDecisions& decisions,
                               const Inputs& inputs, double tolerance = 2e-5, int threads = 1) {
  const Outcome truth = run_plan(graph, {}, inputs, {.reference_only = true});
  const Outcome tested = run_plan(graph, decisions, inputs, {.threads = threads});
  EXPECT_EQ(truth.outputs.size(), tested.outputs.size());
  for (size_t k = 0; k < std::min(truth.outputs.size(), tested.outputs.size()); ++k)
    expect_close(truth.outputs[k].tensor(), tested.outputs[k].tensor(), tolerance);
  return tested.plan;
}

/// Random floats for every input.
inline Inputs inputs_for(const Graph& graph) {
  Inputs inputs;
  unsigned seed = 1;
  for (ValueId id : graph.inputs())
    inputs[graph.value(id).name] = random_floats(*extents_of(*graph.value(id).type.shape), seed++);
  return inputs;
}

}  // namespace kasuri::testing
