#include "tests/unit/cpu/model_runner.h"

namespace kasuri::testing {
namespace {

ValueId node(GraphBuilder& g, const std::string& op, std::vector<ValueId> in,
             std::map<std::string, Attribute> attributes = {}, const std::string& name = "") {
  return g.add({"", op}, name.empty() ? op : name, std::move(in), 1, std::move(attributes))[0];
}

ValueId ints(GraphBuilder& g, std::vector<int64_t> values) {
  const auto count = static_cast<int64_t>(values.size());
  return g.constant("ints", Tensor::of<int64_t>({count}, values));
}

PlanDecisions memory_options(std::initializer_list<MemoryOption> options) {
  PlanDecisions decisions;
  for (MemoryOption option : options) EXPECT_TRUE(decisions.apply(EnableMemory{option}).ok());
  return decisions;
}

/// x -> Relu -> Reshape -> Transpose(only ones move) -> Split outermost -> Neg, Abs -> Concat
std::shared_ptr<const Graph> views_and_joins() {
  GraphBuilder g;
  g.opset("", 17);
  ValueId v = node(g, "Relu", {g.input("x", floats({4, 32}))});
  v = node(g, "Reshape", {v, ints(g, {4, 1, 32})});
  v = node(g, "Transpose", {v}, {{"perm", std::vector<int64_t>{1, 0, 2}}});
  v = node(g, "Squeeze", {v, ints(g, {0})});
  const auto parts = g.add({"", "Split"}, "split", {v, ints(g, {2, 2})}, 2);
  const ValueId a = node(g, "Neg", {parts[0]}), b = node(g, "Abs", {parts[1]});
  const ValueId joined = node(g, "Concat", {a, b}, {{"axis", int64_t{0}}});
  g.output("y", node(g, "Reshape", {joined, ints(g, {128})}, {}, "flat"));
  g.output("z", node(g, "Sigmoid", {joined}));
  return finish(g);
}

TEST(Planner, BaselineMaterialisesViews) {
  const auto graph = views_and_joins();
  const PlanPointer plan = expect_same(graph, {}, inputs_for(*graph));
  EXPECT_EQ(plan->entry().steps.size(), graph->node_count());
  for (const PlanBuffer& b : plan->entry().buffers) EXPECT_NE(b.kind, BufferKind::kAlias) << b.name;
}

TEST(Planner, ViewsAndConcatCostNothing) {
  const auto graph = views_and_joins();
  const PlanPointer before = expect_same(graph, {}, inputs_for(*graph));
  const PlanPointer plan =
      expect_same(graph, memory_options({MemoryOption::kAliasViews, MemoryOption::kConcatInPlace}),
                  inputs_for(*graph));
  EXPECT_EQ(plan->entry().steps.size(), 4u);  // Relu, Neg, Abs, Sigmoid
  EXPECT_LT(plan->entry().memory.arena_bytes, before->entry().memory.arena_bytes);
  EXPECT_FALSE(plan->hash() == before->hash());
}

/// Relu -> r -> Transpose to channels last -> y; r is read once more.
PlanPointer turned_to_channels_last(const std::vector<int>& layout_of_r) {
  GraphBuilder g;
  g.opset("", 17);
  const ValueId r = node(g, "Relu", {g.input("x", floats({2, 3, 4, 5}))});
  g.output("y", node(g, "Transpose", {r}, {{"perm", std::vector<int64_t>{0, 2, 3, 1}}}));
  g.output("z", node(g, "Sigmoid", {r}));
  PlanDecisions decisions = memory_options({MemoryOption::kAliasViews});
  if (!layout_of_r.empty()) {
    EXPECT_TRUE(decisions.apply(SetLayout{r, layout_of_r}).ok());
  }
  const auto graph = finish(g);
  return expect_same(graph, decisions, inputs_for(*graph));
}

TEST(Planner, TransposeIntoTheLayoutThatIsThereMovesNothing) {
  EXPECT_EQ(turned_to_channels_last({0, 2, 3, 1})->entry().steps.size(), 2u);
}

TEST(Planner, TransposeOfAnotherLayoutMovesElements) {
  EXPECT_EQ(turned_to_channels_last({})->entry().steps.size(), 3u);
  EXPECT_EQ(turned_to_channels_last({0, 3, 1, 2})->entry().steps.size(), 3u);
}

TEST(Planner, EqualWorkHasEqualHash) {
  const auto a = views_and_joins(), b = views_and_joins();
  const auto hash = [](std::shared_ptr<const Graph> g) {
    return run_plan(g, {}, inputs_for(*g)).plan->hash();
  };
  EXPECT_TRUE(hash(a) == hash(b));
}

TEST(Planner, InPlaceChainNeedsOneBuffer) {
  GraphBuilder g;
  g.opset("", 17);
  ValueId v = g.input("x", floats({1000}));
  for (int k = 0; k < 5; ++k) v = node(g, "Sigmoid", {v});
  g.output("y", node(g, "Neg", {v}));
  const auto graph = finish(g);
  PlanDecisions decisions;
  for (NodeId id : graph->node_ids()) ASSERT_TRUE(decisions.apply(AllowInPlace{id, 0, 0}).ok());
  const PlanPointer plan = expect_same(graph, decisions, inputs_for(*graph));
  EXPECT_EQ(plan->entry().memory.arena_bytes, 4032);
  EXPECT_EQ(plan->entry().memory.arena_lower_bound_bytes, 4032);
}

TEST(Planner, ValueStillReadIsNotOverwritten) {
  GraphBuilder g;
  g.opset("", 17);
  const ValueId s = node(g, "Sigmoid", {g.input("x", floats({64}))});
  const ValueId n = node(g, "Neg", {s});
  g.output("y", node(g, "Add", {node(g, "Exp", {n}), s}));
  const auto graph = finish(g);
  PlanDecisions decisions;
  for (NodeId id : graph->node_ids()) ASSERT_TRUE(decisions.apply(AllowInPlace{id, 0, 0}).ok());
  expect_same(graph, decisions, inputs_for(*graph));
}

TEST(Planner, PeakOrderIsNeverWorse) {
  GraphBuilder g;
  g.opset("", 17);
  const ValueId x = g.input("x", floats({4, 256}));
  std::vector<ValueId> wide;
  for (int k = 0; k < 6; ++k) wide.push_back(node(g, "Exp", {x}, {}, "wide" + std::to_string(k)));
  ValueId sum = node(g, "ReduceSum", {wide[0]});
  for (int k = 1; k < 6; ++k) sum = node(g, "Add", {sum, node(g, "ReduceSum", {wide[k]})});
  g.output("y", sum);
  const auto graph = finish(g);
  const PlanPointer plain = expect_same(graph, {}, inputs_for(*graph), 1e-4);
  const PlanPointer ordered =
      expect_same(graph, memory_options({MemoryOption::kOrderByPeak}), inputs_for(*graph), 1e-4);
  EXPECT_LT(ordered->entry().memory.arena_bytes, plain->entry().memory.arena_bytes);
}

TEST(Planner, LibraryNodesGiveTheirReason) {
  GraphBuilder g;
  g.opset("", 17);
  const ValueId nz = node(g, "NonZero", {node(g, "Relu", {g.input("x", floats({3, 4}))})});
  g.output("y", node(g, "Transpose", {nz}));
  const auto graph = finish(g);
  const PlanPointer plan = expect_same(graph, {}, inputs_for(*graph));
  for (const PlanStep& step : plan->entry().steps) {
    if (step.kind != StepKind::kLibrary) continue;
    EXPECT_FALSE(step.fallback_reason.empty()) << step.name;
  }
  EXPECT_EQ(plan->entry().steps[1].kind, StepKind::kLibrary);
}

TEST(Planner, GroupOnACycleIsTakenApart) {
  GraphBuilder g;
  g.opset("", 17);
  const ValueId a = node(g, "Relu", {g.input("x", floats({8}))}, {}, "a");
  const ValueId b = node(g, "Neg", {a}, {}, "b");
  g.output("y", node(g, "Add", {a, b}, {}, "c"));
  const auto graph = finish(g);
  const PlanPointer plan = expect_same(graph, grouped(*graph, {"a", "c"}), inputs_for(*graph));
  EXPECT_EQ(plan->entry().steps.size(), 3u);
  EXPECT_THAT(plan->entry().steps[0].fallback_reason, ::testing::HasSubstr("cycle"));
}

TEST(Planner, MemoryLimitNamesThePeak) {
  const auto graph = views_and_joins();
  const auto plan = make_plan(graph, {}, backends(), {.memory_limit = 64}, {});
  ASSERT_FALSE(plan.ok());
  EXPECT_THAT(plan.error().text(), ::testing::HasSubstr("the limit is 64"));
}

TEST(Planner, CancelledPlanningSaysSo) {
  const auto graph = views_and_joins();
  const TaskContext context;
  context.cancel.cancel();
  const auto plan = make_plan(graph, {}, backends(), {}, context);
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().kind(), ErrorKind::kCancelled);
}

TEST(Executor, RefusesWrongInputsInWords) {
  const auto graph = views_and_joins();
  const BackendSet set = backends();
  const auto plan = make_plan(graph, {}, set, {}, {});
  ASSERT_TRUE(plan.ok());
  const auto executor = Executor::create(*plan, set.library, 1);
  ASSERT_TRUE(executor.ok());
  const auto message = [&](const Inputs& inputs) {
    const auto result = (*executor)->run(inputs, {});
    return result.ok() ? std::string("ran") : result.error().text();
  };
  EXPECT_THAT(message({}), ::testing::HasSubstr("'x' is missing"));
  EXPECT_THAT(message({{"q", random_floats({1}, 1)}}), ::testing::HasSubstr("no input 'q'"));
  EXPECT_THAT(message({{"x", random_floats({4, 31}, 1)}}), ::testing::HasSubstr("[4,31]"));
  EXPECT_THAT(message({{"x", Tensor::scalar<int64_t>(1)}}), ::testing::HasSubstr("int64"));
}

class Counter final : public ExecutionObserver {
 public:
  void on_step_begin(const PlanStep&) override { ++begun; }
  void on_step_end(const PlanStep&) override { ++ended; }
  bool wants_outputs() const override { return true; }
  void on_outputs(const PlanStep& step, const std::vector<RuntimeValue>& values) override {
    EXPECT_EQ(step.outputs.size(), values.size());
    seen += static_cast<int>(values.size());
  }
  int begun = 0, ended = 0, seen = 0;
};

TEST(Executor, ObserverSeesEveryStep) {
  const auto graph = views_and_joins();
  const BackendSet set = backends();
  const auto plan = make_plan(graph, {}, set, {}, {});
  const auto executor = Executor::create(*plan, set.library, 1);
  Counter counter;
  ASSERT_TRUE((*executor)->run(inputs_for(*graph), {}, &counter).ok());
  const int steps = static_cast<int>((*plan)->entry().steps.size());
  EXPECT_EQ(counter.begun, steps);
  EXPECT_EQ(counter.ended, steps);
  EXPECT_GE(counter.seen, steps);
}

TEST(Executor, RunsAgainOverOldMemory) {
  const auto graph = views_and_joins();
  const BackendSet set = backends();
  const auto plan =
      make_plan(graph, memory_options({MemoryOption::kAliasViews, MemoryOption::kConcatInPlace}),
                set, {}, {});
  const auto executor = Executor::create(*plan, set.library, 2);
  const auto first = (*executor)->run(inputs_for(*graph), {});
  ASSERT_TRUE((*executor)->run({{"x", random_floats({4, 32}, 99)}}, {}).ok());
  const auto again = (*executor)->run(inputs_for(*graph), {});
  for (size_t k = 0; k < first->size(); ++k)
    EXPECT_EQ((*first)[k].tensor().fingerprint(), (*again)[k].tensor().fingerprint());
}

TEST(Executor, OutputsThatAreInputsOrConstants) {
  GraphBuilder g;
  g.opset("", 17);
  const ValueId x = g.input("x", floats({3}));
  const ValueId c = g.constant("c", random_floats({2}, 7));
  g.output("same", x);
  g.output("constant", c);
  g.output("copy", node(g, "Identity", {x}));
  const auto graph = finish(g);
  expect_same(graph, {}, inputs_for(*graph));
  expect_same(graph, memory_options({MemoryOption::kAliasViews}), inputs_for(*graph));
}

}  // namespace
}  // namespace kasuri::testing
