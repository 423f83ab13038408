#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "engine/ir/shape_inference.h"
#include "engine/rewrite/pass_manager.h"
#include "tests/support/rewrite_services.h"

namespace kasuri::testing {

inline ValueType f32(const std::vector<int64_t>& extents) {
  return ValueType::tensor(DataType::kFloat, shape_of(extents));
}

/// Seeded values in [-1, 1); `positive` keeps them in [0.5, 1.5).
inline Tensor random_tensor(const std::vector<int64_t>& extents, uint32_t seed,
                            bool positive = false) {
  std::mt19937 engine(seed);
  std::vector<float> values(*element_count(extents));
  for (float& v : values)
    v = static_cast<float>(engine() >> 8) / 8388608.0F - (positive ? -0.5F : 1.0F);
  if (positive)
    for (float& v : values) v = 0.5F + v / 3.0F;
  return Tensor::of<float>(extents, values);
}

/// Takes the built graph with all types inferred.
inline Graph typed(GraphBuilder& builder) {
  auto graph = builder.take();
  if (!graph.ok()) throw std::runtime_error(graph.error().text());
  auto inferred = infer_graph(*std::move(graph));
  if (!inferred.ok()) throw std::runtime_error(inferred.error().text());
  return *std::move(inferred);
}

/// Operator names, producers first: "Conv Relu".
inline std::string operators(const Graph& graph) {
  std::string text;
  for (NodeId id : graph.topological_order())
    text += (text.empty() ? "" : " ") + graph.node(id).op.name;
  return text;
}

/// Groups in order: "kind: a b c".
inline std::vector<std::string> group_texts(const OptimizedGraph& result) {
  std::vector<std::string> texts;
  for (const Group* group : result.decisions.groups()) {
    std::string text = group->kind + ":";
    for (NodeId id : group->nodes) text += " " + result.graph->node(id).op.name;
    if (!group->absorbed.empty()) text += " |";
    for (NodeId id : group->absorbed) text += " " + result.graph->node(id).op.name;
    texts.push_back(text);
  }
  return texts;
}

inline std::vector<std::string> reasons(const OptimizedGraph& result) {
  std::vector<std::string> texts;
  for (const RewriteEntry& e : result.log.entries())
    if (e.outcome != RewriteEntry::Outcome::kApplied) texts.push_back(e.reason);
  return texts;
}

inline std::vector<RuntimeValue> run_seeded(const Graph& graph) {
  std::map<std::string, RuntimeValue> inputs;
  uint32_t seed = 7;
  for (ValueId id : graph.inputs())
    inputs[graph.value(id).name] = random_tensor(*extents_of(*graph.value(id).type.shape), seed++);
  auto outputs = run_model(graph, inputs, {});
  if (!outputs.ok()) throw std::runtime_error(outputs.error().text());
  return *std::move(outputs);
}

/// Equal bits for exact rules, else within 1e-4 of the largest magnitude.
inline void expect_equal_numbers(const Graph& before, const Graph& after, bool exact) {
  const auto a = run_seeded(before), b = run_seeded(after);
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    const Tensor &x = a[i].tensor(), &y = b[i].tensor();
    ASSERT_EQ(x.extents(), y.extents());
    if (exact || x.dtype() != DataType::kFloat) {
      EXPECT_TRUE(x.fingerprint() == y.fingerprint()) << "output " << i << " changed its bits";
      continue;
    }
    float largest = 1;
    for (float v : x.data<float>()) largest = std::max(largest, std::fabs(v));
    for (int64_t j = 0; j < x.count(); ++j)
      ASSERT_NEAR(x.data<float>()[j], y.data<float>()[j], 1e-4F * largest) << "element " << j;
  }
}

/// Every proposal on `graph` taken alone: applies, and its inverse restores the fingerprint.
inline void expect_undo(const Graph& graph, const PassList& passes, const Services& services) {
  const PlanDecisions none;
  for (NodeId id : graph.topological_order())
    for (const auto& rule : passes[0].rules) {
      const Match match = rule->match({graph, none, services}, id);
      const auto* proposal = std::get_if<Proposal>(&match);
      if (!proposal || !proposal->patch) continue;
      Graph copy = graph;
      auto inverse = proposal->patch->apply(copy);
      ASSERT_TRUE(inverse.ok()) << inverse.error().text();
      ASSERT_TRUE(inverse->apply(copy).ok());
      EXPECT_EQ(copy.fingerprint().hex(), graph.fingerprint().hex()) << rule->info().name;
    }
}

/// Runs rules as one pass and checks what every rule promises: the imported graph is left alone,
/// "changed" is honest, a second run changes nothing, undo restores, numbers stay.
inline OptimizedGraph rewrite(const Graph& graph, std::vector<std::shared_ptr<const Rule>> rules,
                              const TestServices& services = {}) {
  const bool exact = std::all_of(rules.begin(), rules.end(), [](const auto& r) {
    return r->info().fidelity == Fidelity::kExact;
  });
  const PassList passes{{.name = "test", .always_on = true, .rules = std::move(rules)}};
  const std::string before = graph.fingerprint().hex();
  const PassManager manager(passes, Recipe(), services.services);
  auto result = manager.run(graph, {});
  if (!result.ok()) throw std::runtime_error(result.error().text());
  EXPECT_EQ(graph.fingerprint().hex(), before);
  const bool differs =
      result->graph->fingerprint().hex() != before ||
      result->decisions.fingerprint(*result->graph) != PlanDecisions{}.fingerprint(*result->graph);
  EXPECT_EQ(result->log.passes()[0].changed, differs) << "the pass is not honest about changes";
  for (const RewriteEntry& e : result->log.entries())
    EXPECT_EQ(e.reason.find("the change was refused"), std::string::npos) << e.site << e.reason;
  auto again = manager.run(*result->graph, {});
  EXPECT_EQ(again->graph->fingerprint().hex(), result->graph->fingerprint().hex())
      << "not idempotent";
  expect_undo(graph, passes, services.services);
  expect_equal_numbers(graph, *result->graph, exact);
  return *std::move(result);
}

template <typename... Rules>
OptimizedGraph rewrite_with(const Graph& graph, const TestServices& services = {}) {
  return rewrite(graph, {std::make_shared<const Rules>()...}, services);
}

}  // namespace kasuri::testing
