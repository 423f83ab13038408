#include "tests/unit/cpu/model_runner.h"

// New rows in a cache: copied, and in place where the cache is the plan's own state.
namespace kasuri::testing {
namespace {

std::shared_ptr<const Graph> growing_cache(const std::string& mode = "linear") {
  GraphBuilder g;
  g.opset("", 24);
  const ValueId past = g.input("past", floats({2, 3, 8, 4}));
  const ValueId rows = g.input("rows", floats({2, 3, 2, 4}));
  const ValueId at = g.input("at", ValueType::tensor(DataType::kInt64, shape_of({2})));
  const ValueId present = g.add({"", "TensorScatter"}, "grow", {past, rows, at}, 1,
                                {{"axis", int64_t{2}}, {"mode", mode}})[0];
  g.output("twice", g.add({"", "Add"}, "twice", {present, present})[0]);
  return finish(g);
}

Inputs inputs_at(int64_t first, int64_t second) {
  return {{"past", random_floats({2, 3, 8, 4}, 1)},
          {"rows", random_floats({2, 3, 2, 4}, 2)},
          {"at", Tensor::of<int64_t>({2}, std::vector<int64_t>{first, second})}};
}

TEST(RowScatter, IsTheReferencesAndLeavesTheCacheAlone) {
  const auto graph = growing_cache();
  const PlanPointer plan = expect_same(graph, {}, inputs_at(1, 6), 0, 1);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->entry().steps[0].kernel->description(), "cpu/rows");
  const auto executor = Executor::create(plan, backends().library, 1);
  const Inputs inputs = inputs_at(1, 6);
  ASSERT_TRUE((*executor)->run(inputs, {}).ok());
  EXPECT_EQ(inputs.at("past").tensor().fingerprint(), random_floats({2, 3, 8, 4}, 1).fingerprint());
}

TEST(RowScatter, AStateIsWrittenInPlace) {
  const auto graph = growing_cache();
  const BackendSet set = backends();
  PlanOptions options;
  const auto copied = make_plan(graph, {}, set, options, {});
  options.state_inputs = {"past"};
  const auto in_place = make_plan(graph, {}, set, options, {});
  ASSERT_TRUE(copied.ok() && in_place.ok());
  EXPECT_LT((*in_place)->entry().memory.arena_bytes, (*copied)->entry().memory.arena_bytes);
  const auto one = Executor::create(*copied, set.library, 1);
  const auto other = Executor::create(*in_place, set.library, 1);
  Inputs inputs = inputs_at(0, 3);
  const auto want = (*one)->run(inputs, {});
  const auto got = (*other)->run(inputs, {});
  ASSERT_TRUE(want.ok() && got.ok());
  EXPECT_EQ((*got)[0].tensor().fingerprint(), (*want)[0].tensor().fingerprint());
  EXPECT_NE(inputs.at("past").tensor().fingerprint(), random_floats({2, 3, 8, 4}, 1).fingerprint());
}

TEST(RowScatter, AStateReadLaterIsCopied) {
  GraphBuilder g;
  g.opset("", 24);
  const ValueId past = g.input("past", floats({1, 3, 8, 4}));
  const ValueId rows = g.input("rows", floats({1, 3, 2, 4}));
  const ValueId present =
      g.add({"", "TensorScatter"}, "grow", {past, rows}, 1, {{"axis", int64_t{2}}})[0];
  g.output("grown", g.add({"", "Sub"}, "grown", {present, past})[0]);
  const auto graph = finish(g);
  PlanOptions options;
  options.state_inputs = {"past"};
  const BackendSet set = backends();
  const auto plan = make_plan(graph, {}, set, options, {});
  ASSERT_TRUE(plan.ok());
  const Inputs inputs = {{"past", random_floats({1, 3, 8, 4}, 1)},
                         {"rows", random_floats({1, 3, 2, 4}, 2)}};
  const auto executor = Executor::create(*plan, set.library, 1);
  ASSERT_TRUE((*executor)->run(inputs, {}).ok());
  EXPECT_EQ(inputs.at("past").tensor().fingerprint(), random_floats({1, 3, 8, 4}, 1).fingerprint());
}

TEST(RowScatter, RowsThatDoNotFitAreAnErrorAndCircularOnesTheLibrarys) {
  const auto graph = growing_cache();
  const BackendSet set = backends();
  const auto plan = make_plan(graph, {}, set, {}, {});
  const auto executor = Executor::create(*plan, set.library, 1);
  const auto ran = (*executor)->run(inputs_at(0, 7), {});
  ASSERT_FALSE(ran.ok());
  EXPECT_THAT(ran.error().text(), ::testing::HasSubstr("2 rows from place 7 on do not fit"));
  const PlanPointer circular = expect_same(growing_cache("circular"), {}, inputs_at(7, 3), 0, 1);
  EXPECT_EQ(circular->entry().steps[0].kind, StepKind::kLibrary);
}

}  // namespace
}  // namespace kasuri::testing
