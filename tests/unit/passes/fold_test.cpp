#include "passes/fold/fold_constants.h"
#include "passes/fold/infer_types.h"
#include "passes/fold/remove_dead_nodes.h"
#include "tests/support/rewrite_check.h"

namespace kasuri::testing {
namespace {

OptimizedGraph fold(const Graph& graph) {
  return rewrite_with<InferTypes, FoldConstants, RemoveDeadNodes>(graph);
}

GraphBuilder builder() {
  GraphBuilder b;
  b.opset("", 17);
  return b;
}

TEST(FoldConstants, ComputesAChainOfConstants) {
  GraphBuilder b = builder();
  const ValueId x = b.input("x", f32({2}));
  const ValueId c = b.add({"", "Add"}, "c",
                          {b.constant("a", Tensor::of<float>({2}, {1, 2})),
                           b.constant("b", Tensor::of<float>({2}, {3, 4}))})[0];
  const ValueId d = b.add({"", "Neg"}, "d", {c})[0];
  b.output("y", b.add({"", "Mul"}, "y", {x, d})[0]);
  const OptimizedGraph result = fold(typed(b));
  EXPECT_EQ(operators(*result.graph), "Mul");
  EXPECT_EQ(result.log.applied("FoldConstants"), 2u);
}

TEST(FoldConstants, PropagatesShapesOfStaticValues) {
  GraphBuilder b = builder();
  const ValueId x = b.input("x", f32({2, 3, 4}));
  const ValueId s = b.add({"", "Shape"}, "s", {x})[0];
  const ValueId first =
      b.add({"", "Gather"}, "first", {s, b.constant("i", Tensor::of<int64_t>({1}, {0}))})[0];
  const ValueId target =
      b.add({"", "Concat"}, "t", {first, b.constant("m", Tensor::of<int64_t>({1}, {-1}))}, 1,
            {{"axis", int64_t{0}}})[0];
  const ValueId r = b.add({"", "Reshape"}, "r", {x, target})[0];
  b.output("y", b.add({"", "Relu"}, "relu", {r})[0]);
  auto untyped = b.take();
  const OptimizedGraph result = fold(*untyped);
  EXPECT_EQ(operators(*result.graph), "Reshape Relu");
  EXPECT_EQ(result.graph->value(result.graph->outputs()[0].value).type.text(), "float32[2,12]");
}

TEST(FoldConstants, MustNotFireOnRandomNumbers) {
  GraphBuilder b = builder();
  const ValueId r =
      b.add({"", "RandomNormal"}, "r", {}, 1, {{"shape", std::vector<int64_t>{2}}})[0];
  b.output("y", r);
  const Graph graph = typed(b);
  TestServices services;
  const Match m = FoldConstants().match({graph, {}, services.services}, *graph.find_node("r"));
  ASSERT_TRUE(std::holds_alternative<Declined>(m));
  EXPECT_EQ(std::get<Declined>(m).reason, "its results are random");
}

TEST(FoldConstants, MustNotFireWhenTheResultIsHuge) {
  GraphBuilder b = builder();
  const ValueId big = b.add({"", "Expand"}, "big",
                            {b.constant("one", Tensor::of<float>({1}, {1})),
                             b.constant("s", Tensor::of<int64_t>({1}, {int64_t{32} << 20}))})[0];
  b.output("y", big);
  const Graph graph = typed(b);
  TestServices services;
  const Match m = FoldConstants().match({graph, {}, services.services}, *graph.find_node("big"));
  ASSERT_TRUE(std::holds_alternative<Declined>(m));
  EXPECT_THAT(std::get<Declined>(m).reason, ::testing::HasSubstr("128 MiB"));
}

TEST(RemoveDeadNodes, TakesAWholeDeadChain) {
  GraphBuilder b = builder();
  const ValueId x = b.input("x", f32({4}));
  const ValueId live = b.add({"", "Relu"}, "live", {x})[0];
  b.add({"", "Exp"}, "dead2", {b.add({"", "Neg"}, "dead1", {live})[0]});
  b.output("y", live);
  const OptimizedGraph result = fold(typed(b));
  EXPECT_EQ(operators(*result.graph), "Relu");
}

TEST(RemoveDeadNodes, MustNotFireOnGraphOutputs) {
  GraphBuilder b = builder();
  b.output("y", b.add({"", "Relu"}, "live", {b.input("x", f32({4}))})[0]);
  EXPECT_EQ(operators(*fold(typed(b)).graph), "Relu");
}

}  // namespace
}  // namespace kasuri::testing
