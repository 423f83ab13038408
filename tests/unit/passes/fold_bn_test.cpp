#include "passes/fold/fuse_batch_norm.h"
#include "tests/support/rewrite_check.h"

namespace kasuri::testing {
namespace {

using ::testing::Contains;

ValueId batch_norm(GraphBuilder& b, const std::string& name, ValueId x, int64_t channels) {
  return b.add({"", "BatchNormalization"}, name,
               {x, b.constant(name + "_s", random_tensor({channels}, 1)),
                b.constant(name + "_b", random_tensor({channels}, 2)),
                b.constant(name + "_m", random_tensor({channels}, 3)),
                b.constant(name + "_v", random_tensor({channels}, 4, true))})[0];
}

struct ConvFixture {
  explicit ConvFixture(bool bias = true) {
    b.opset("", 17);
    std::vector<ValueId> inputs{b.input("x", f32({1, 4, 5, 5})),
                                b.constant("w", random_tensor({6, 2, 3, 3}, 5))};
    if (bias) inputs.push_back(b.constant("b", random_tensor({6}, 6)));
    conv = b.add({"", "Conv"}, "conv", inputs, 1, {{"group", int64_t{2}}})[0];
  }
  GraphBuilder b;
  ValueId conv;
};

TEST(FuseConvBatchNorm, MovesIntoWeightsWithAndWithoutBias) {
  for (const bool bias : {true, false}) {
    ConvFixture f(bias);
    f.b.output("y", batch_norm(f.b, "bn", f.conv, 6));
    const OptimizedGraph result = rewrite_with<FuseConvBatchNorm>(typed(f.b));
    EXPECT_EQ(operators(*result.graph), "Conv");
    EXPECT_THAT(result.graph->node(*result.graph->find_node("conv")).provenance,
                ::testing::ElementsAre("conv", "bn"));
    EXPECT_EQ(result.log.entries()[0].site, "FuseConvBatchNorm@bn");
  }
}

TEST(FuseConvBatchNorm, FollowsGroupsOfATransposedConvolution) {
  GraphBuilder b;
  b.opset("", 17);
  const ValueId conv =
      b.add({"", "ConvTranspose"}, "conv",
            {b.input("x", f32({1, 4, 3, 3})), b.constant("w", random_tensor({4, 3, 2, 2}, 5))}, 1,
            {{"group", int64_t{2}}})[0];
  b.output("y", batch_norm(b, "bn", conv, 6));
  EXPECT_EQ(operators(*rewrite_with<FuseConvBatchNorm>(typed(b)).graph), "ConvTranspose");
}

TEST(FuseConvBatchNorm, MustNotFireBecauseTheConvolutionIsReadElsewhere) {
  ConvFixture f;
  f.b.output("y", batch_norm(f.b, "bn", f.conv, 6));
  f.b.output("z", f.conv);
  const OptimizedGraph result = rewrite_with<FuseConvBatchNorm>(typed(f.b));
  EXPECT_EQ(operators(*result.graph), "Conv BatchNormalization");
  EXPECT_THAT(reasons(result), Contains("the result before it is read elsewhere"));
}

TEST(FuseConvBatchNorm, MustNotFireBecauseWeightsAreComputed) {
  GraphBuilder b;
  b.opset("", 17);
  const ValueId w = b.input("w", f32({6, 4, 1, 1}));
  const ValueId conv = b.add({"", "Conv"}, "conv", {b.input("x", f32({1, 4, 3, 3})), w})[0];
  b.output("y", batch_norm(b, "bn", conv, 6));
  const OptimizedGraph result = rewrite_with<FuseConvBatchNorm>(typed(b));
  EXPECT_THAT(reasons(result), Contains("the weights are not float32 constants"));
}

TEST(FuseGemmBatchNorm, ScalesColumns) {
  for (const int64_t transposed : {0, 1}) {
    GraphBuilder b;
    b.opset("", 17);
    const ValueId w = b.constant(
        "w",
        random_tensor(transposed ? std::vector<int64_t>{5, 3} : std::vector<int64_t>{3, 5}, 1));
    const ValueId gemm =
        b.add({"", "Gemm"}, "gemm",
              {b.input("x", f32({2, 3})), w, b.constant("c", random_tensor({5}, 2))}, 1,
              {{"transB", transposed}, {"alpha", 0.5F}, {"beta", 2.0F}})[0];
    b.output("y", batch_norm(b, "bn", gemm, 5));
    EXPECT_EQ(operators(*rewrite_with<FuseGemmBatchNorm>(typed(b)).graph), "Gemm");
  }
}

TEST(FoldMulAddIntoConv, TakesPerChannelFactorsAndShifts) {
  ConvFixture f;
  const ValueId m =
      f.b.add({"", "Mul"}, "mul", {f.b.constant("m", random_tensor({6, 1, 1}, 8)), f.conv})[0];
  f.b.output(
      "y", f.b.add({"", "Add"}, "add", {m, f.b.constant("a", random_tensor({1, 6, 1, 1}, 9))})[0]);
  EXPECT_EQ(operators(*rewrite_with<FoldMulAddIntoConv>(typed(f.b)).graph), "Conv");
}

TEST(FoldMulAddIntoConv, MustNotFireBecauseTheConstantVariesWithinAChannel) {
  ConvFixture f;
  f.b.output("y",
             f.b.add({"", "Mul"}, "mul", {f.conv, f.b.constant("m", random_tensor({3, 3}, 8))})[0]);
  const OptimizedGraph result = rewrite_with<FoldMulAddIntoConv>(typed(f.b));
  EXPECT_EQ(operators(*result.graph), "Conv Mul");
  EXPECT_THAT(reasons(result), Contains("the constant is not one number per channel"));
}

}  // namespace
}  // namespace kasuri::testing
