#include <functional>

#include "engine/backend/cpu/few_rows_panels.h"
#include "tests/unit/cpu/model_runner.h"

// Few rows times constant weights, or times the heads of a cache: as the reference has it, and each
// row as if it were alone.
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
    for (const auto& [k, columns] :
         {std::pair<int64_t, int64_t>{192, 544}, {300, 64}, {100, 333}}) {
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

TEST_F(FewRows, MustNotTakeManyRowsOrFewColumns) {
  const auto left = [&](const std::shared_ptr<const Graph>& graph) {
    EXPECT_THAT(kernel_of(expect_same(graph, {}, inputs_for(*graph))),
                ::testing::Not(::testing::HasSubstr("at once")));
  };
  left(product({13}, 192, 544));
  left(product({5}, 192, 48));
  left(product({5}, 16, 544));
}

/// Rows [rows, heads, k], as a decoder's projection leaves them, times other [heads / shared, k,
/// columns], or the same lying [.., columns, k]; every `shared` heads have one matrix.
std::shared_ptr<const Graph> heads(int64_t rows, int64_t count, int64_t k, int64_t columns,
                                   bool by_keys, int64_t shared = 1) {
  GraphBuilder g;
  g.opset("", 17);
  const ValueId x = g.input("x", floats({1, rows, count / shared, shared, k}));
  const ValueId turned =
      g.add({"", "Transpose"}, "heads", {x}, 1, {{"perm", std::vector<int64_t>{0, 2, 3, 1, 4}}})[0];
  const std::vector<int64_t> extents = {1, count / shared, 1, by_keys ? columns : k,
                                        by_keys ? k : columns};
  ValueId other = g.input("other", floats(extents));
  if (by_keys)
    other = g.add({"", "Transpose"}, "keys", {other}, 1,
                  {{"perm", std::vector<int64_t>{0, 1, 2, 4, 3}}})[0];
  g.output("y", g.add({"", "MatMul"}, "mm", {turned, other})[0]);
  return finish(g);
}

TEST_F(FewRows, HeadsByKeysAndByValues) {
  for (bool by_keys : {true, false})
    for (int64_t rows : {1, 3, 5, 7, 12})
      for (const auto& [k, columns] : {std::pair<int64_t, int64_t>{64, 256}, {96, 80}, {128, 48}}) {
        const auto graph = heads(rows, 3, k, columns, by_keys);
        for (int threads : {1, 2})
          EXPECT_THAT(
              kernel_of(expect_same(graph, grouped(*graph), inputs_for(*graph), 2e-5, threads)),
              ::testing::HasSubstr(by_keys ? "at once, 3 keys" : "at once, 3 values"))
              << rows << " rows, " << k << " x " << columns;
      }
}

TEST_F(FewRows, KeysAtTheEndOfABlockAndHeadsThatShareThem) {
  for (int64_t keys : {30, 47, 70}) {
    const auto graph = heads(5, 2, 64, keys, true);
    EXPECT_THAT(kernel_of(expect_same(graph, grouped(*graph), inputs_for(*graph))),
                ::testing::HasSubstr("2 keys"))
        << keys;
  }
  for (bool by_keys : {true, false}) {
    const auto graph = heads(4, 6, 64, 64, by_keys, 3);
    EXPECT_THAT(kernel_of(expect_same(graph, grouped(*graph), inputs_for(*graph))),
                ::testing::HasSubstr("at once"));
  }
}

TEST_F(FewRows, MustNotTakeHeadsThatDoNotFillRegistersOrManyRows) {
  const auto left = [&](const std::shared_ptr<const Graph>& graph) {
    EXPECT_THAT(kernel_of(expect_same(graph, grouped(*graph), inputs_for(*graph))),
                ::testing::Not(::testing::HasSubstr("at once")));
  };
  left(heads(13, 3, 64, 256, true));
  left(heads(5, 3, 40, 250, true));
  left(heads(5, 3, 256, 40, false));
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

TEST_F(FewRows, ManyRowsOfOneEachDoNotTakeAnOperandAsLargeAsTheResult) {
  const auto graph = product({64, 1}, 192, 128, [](GraphBuilder& g, ValueId y) {
    return g.add({"", "Add"}, "residual", {y, g.input("r", floats({64, 1, 128}))})[0];
  });
  EXPECT_THAT(kernel_of(expect_same(graph, grouped(*graph), inputs_for(*graph))),
              ::testing::HasSubstr("cpu/jit"));
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

TEST_F(FewRows, ARowOfHeadsDoesNotDependOnTheOthers) {
  for (bool by_keys : {true, false}) {
    const Tensor x = random_floats({1, 9, 3, 1, 64}, 7);
    const std::vector<int64_t> extents = {1, 3, 1, by_keys ? 96 : 64, by_keys ? 64 : 96};
    const Tensor other = random_floats(extents, 8);
    const auto run = [&](int64_t first, int64_t rows) {
      const auto graph = heads(rows, 3, 64, 96, by_keys);
      const auto values = x.data<float>().subspan(static_cast<size_t>(first * 192),
                                                  static_cast<size_t>(rows * 192));
      const BackendSet set = backends();
      const auto plan = make_plan(graph, grouped(*graph), set, {}, {});
      const auto executor = Executor::create(*plan, set.library, 1);
      const auto made = (*executor)->run(
          {{"x", Tensor::of<float>({1, rows, 3, 1, 64}, {values.begin(), values.end()})},
           {"other", other}},
          {});
      EXPECT_TRUE(made.ok());
      const auto data = (*made)[0].tensor().data<float>();  // [1, 3, 1, rows, 96]
      return std::vector<float>(data.begin(), data.end());
    };
    const std::vector<float> together = run(0, 9);
    for (int64_t row = 0; row < 9; ++row) {
      const std::vector<float> alone = run(row, 1);
      for (int64_t head = 0; head < 3; ++head)
        EXPECT_TRUE(std::equal(alone.begin() + head * 96, alone.begin() + (head + 1) * 96,
                               together.begin() + (head * 9 + row) * 96))
            << row << " " << head;
    }
  }
}

}  // namespace
}  // namespace kasuri::testing
