#include <functional>

#include "engine/backend/cpu/few_rows_panels.h"
#include "tests/unit/cpu/model_runner.h"

// Few rows times constant weights: as the reference has it, and each row as if it were alone.
namespace kasuri::testing {
namespace {

class FewRows : public ::testing::Test {
 protected:
  void SetUp() override {
    if (cpu::panel_product(1) == nullptr) GTEST_SKIP() << "no registers of 64 bytes";
  }
};

using After = std::function<ValueId(GraphBuilder&, ValueId)>;

std::shared_ptr<const Graph> product(const std::vector<int64_t>& rows, int64_t k, int64_t columns,
                                     const After& after = nullptr) {
  GraphBuilder g;
  g.opset("", 17);
  std::vector<int64_t> extents = rows;
  extents.push_back(k);
  const ValueId x = g.input("x", floats(extents));
  const ValueId w = g.constant("w", random_floats({k, columns}, 9));
  ValueId y = g.add({"", "MatMul"}, "mm", {x, w})[0];
  if (after) y = after(g, y);
  g.output("y", y);
  return finish(g);
}

std::string kernel_of(const PlanPointer& plan) {
  return plan->entry().steps[0].kernel ? plan->entry().steps[0].kernel->description() : "none";
}

TEST_F(FewRows, EveryNumberOfRowsAndColumns) {
  for (int64_t rows : {1, 2, 5, 6, 7, 9, 12})
    for (const auto& [k, columns] : {std::pair<int64_t, int64_t>{192, 544}, {300, 64}, {100, 333}}) {
      const auto graph = product({rows}, k, columns);
      for (int threads : {1, 2})
        EXPECT_THAT(kernel_of(expect_same(graph, {}, inputs_for(*graph), 2e-5, threads)),
                    ::testing::HasSubstr("at once"))
            << rows << " rows, " << k << " x " << columns;
    }
}

TEST_F(FewRows, ManyColumnsOnTwoThreads) {
  const auto graph = product({5}, 768, 1000);
  expect_same(graph, {}, inputs_for(*graph), 2e-5, 2);
}

TEST_F(FewRows, MustNotTakeManyRowsFewColumnsOrABatch) {
  const auto left = [&](const std::shared_ptr<const Graph>& graph) {
    EXPECT_THAT(kernel_of(expect_same(graph, {}, inputs_for(*graph))),
                ::testing::Not(::testing::HasSubstr("at once")));
  };
  left(product({13}, 192, 544));
  left(product({5}, 192, 48));
  left(product({5}, 16, 544));
  GraphBuilder g;
  g.opset("", 17);
  const ValueId x = g.input("x", floats({3, 5, 192}));
  g.output("y", g.add({"", "MatMul"}, "mm", {x, g.input("w", floats({3, 192, 544}))})[0]);
  left(finish(g));
}

TEST_F(FewRows, SumsAndProductsJoinAndOtherFunctionsFollow) {
  const auto check = [&](const After& after, const std::vector<std::string>& names) {
    for (const std::vector<int64_t>& rows : {std::vector<int64_t>{5}, {1, 1}, {1, 7}}) {
      const auto graph = product(rows, 192, 128, after);
      const PlanPointer plan = expect_same(graph, grouped(*graph, names), inputs_for(*graph));
      EXPECT_EQ(plan->entry().steps.size(), 1U);
      EXPECT_THAT(kernel_of(plan), ::testing::HasSubstr("at once"));
    }
  };
  check(
      [](GraphBuilder& g, ValueId y) {
        return g.add({"", "Add"}, "bias", {y, g.constant("b", random_floats({128}, 3))})[0];
      },
      {"mm", "bias"});
  check(
      [](GraphBuilder& g, ValueId y) {
        return g.add({"", "Mul"}, "gate", {y, g.constant("m", random_floats({1, 128}, 4))})[0];
      },
      {"mm", "gate"});
  check([](GraphBuilder& g, ValueId y) { return g.add({"", "Tanh"}, "tanh", {y})[0]; },
        {"mm", "tanh"});
}

TEST_F(FewRows, TransposedWeights) {
  GraphBuilder g;
  g.opset("", 17);
  const ValueId x = g.input("x", floats({4, 160}));
  const ValueId w = g.constant("w", random_floats({200, 160}, 5));
  g.output("y", g.add({"", "Gemm"}, "gemm", {x, w}, 1, {{"transB", int64_t{1}}})[0]);
  const auto graph = finish(g);
  EXPECT_THAT(kernel_of(expect_same(graph, {}, inputs_for(*graph))),
              ::testing::HasSubstr("at once"));
}

TEST_F(FewRows, ARowDoesNotDependOnTheOthers) {
  const Tensor all = random_floats({9, 192}, 7);
  const auto run = [&](int64_t first, int64_t rows) {
    const auto graph = product({rows}, 192, 100);
    const auto values = all.data<float>().subspan(static_cast<size_t>(first * 192),
                                                  static_cast<size_t>(rows * 192));
    const BackendSet set = backends();
    const auto plan = make_plan(graph, {}, set, {}, {});
    const auto executor = Executor::create(*plan, set.library, 1);
    const auto made = (*executor)->run(
        {{"x", Tensor::of<float>({rows, 192}, {values.begin(), values.end()})}}, {});
    EXPECT_TRUE(made.ok());
    const auto data = (*made)[0].tensor().data<float>();
    return std::vector<float>(data.begin(), data.end());
  };
  const std::vector<float> together = run(0, 9);
  for (int64_t row = 0; row < 9; ++row) {
    const std::vector<float> alone = run(row, 1);
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(), together.begin() + row * 100)) << row;
  }
}

}  // namespace
}  // namespace kasuri::testing
