#include "passes/fuse/recognize_softmax.h"
#include "passes/fuse/stitch_memory_bound.h"
#include "tests/support/rewrite_check.h"

namespace kasuri::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Net {
  Net() { b.opset("", 17); }
  ValueId op(const std::string& name, std::vector<ValueId> inputs,
             std::map<std::string, Attribute> a = {}) {
    return b.add({"", name}, name, std::move(inputs), 1, std::move(a))[0];
  }
  ValueId row(const std::string& name, ValueId x) {
    return op(name, {x}, {{"axes", std::vector<int64_t>{-1}}, {"keepdims", int64_t{1}}});
  }
  ValueId norm(ValueId x) {
    return op("LayerNormalization",
              {x, b.constant("g", random_tensor({8}, 1)), b.constant("h", random_tensor({8}, 2))});
  }
  Graph graph(ValueId y) {
    b.output("y", y);
    return typed(b);
  }
  GraphBuilder b;
};

TEST(StitchMemoryBound, JoinsAChainOfElementwiseNodes) {
  Net n;
  const ValueId y = n.op("Exp", {n.op("Neg", {n.op("Relu", {n.b.input("x", f32({4, 8}))})})});
  EXPECT_THAT(group_texts(rewrite_with<StitchMemoryBound>(n.graph(y))),
              ElementsAre("Relu + Neg + Exp: Relu Neg Exp"));
}

TEST(StitchMemoryBound, JoinsResidualNormAndActivation) {
  Net n;
  const ValueId sum = n.op("Add", {n.b.input("x", f32({4, 8})), n.b.input("r", f32({4, 8}))});
  EXPECT_THAT(group_texts(rewrite_with<StitchMemoryBound>(n.graph(n.op("Relu", {n.norm(sum)})))),
              ElementsAre("Add + LayerNormalization + Relu: Add LayerNormalization Relu"));
}

TEST(StitchMemoryBound, JoinsAStatisticWithItsBroadcast) {
  Net n;
  const ValueId x = n.b.input("x", f32({4, 8}));
  const ValueId s = n.op("Sqrt", {n.row("ReduceSumSquare", x)});
  EXPECT_THAT(group_texts(rewrite_with<StitchMemoryBound>(n.graph(n.op("Div", {x, s})))),
              ElementsAre("ReduceSumSquare + Sqrt + Div: ReduceSumSquare Sqrt Div"));
}

TEST(StitchMemoryBound, ExtendsARecognisedGroup) {
  Net n;
  const ValueId scaled =
      n.op("Mul", {n.b.input("x", f32({4, 8})), n.b.constant("c", Tensor::of<float>({}, {2}))});
  const ValueId p = n.op("Softmax", {scaled}, {{"axis", int64_t{-1}}});
  const OptimizedGraph r =
      rewrite_with<RecognizeSoftmax, StitchMemoryBound>(n.graph(n.op("Neg", {p})));
  ASSERT_EQ(group_texts(r).size(), 1u);
  EXPECT_THAT(group_texts(r)[0], ::testing::EndsWith(": Mul Softmax Neg"));
}

TEST(StitchMemoryBound, MustNotFireBecauseRowsDiffer) {
  Net n;
  const ValueId t = n.op("Relu", {n.b.input("x", f32({8}))});
  const OptimizedGraph r =
      rewrite_with<StitchMemoryBound>(n.graph(n.op("Add", {n.b.input("r", f32({4, 8})), t})));
  EXPECT_THAT(group_texts(r), IsEmpty());
  EXPECT_THAT(reasons(r), Contains("they work on different rows"));
}

TEST(StitchMemoryBound, MustNotFireBecauseTheValueIsAnOutput) {
  Net n;
  const ValueId x = n.op("Relu", {n.b.input("x", f32({4, 8}))});
  n.b.output("z", x);
  const OptimizedGraph r = rewrite_with<StitchMemoryBound>(n.graph(n.op("Exp", {x})));
  EXPECT_THAT(group_texts(r), IsEmpty());
  EXPECT_THAT(reasons(r), Contains("the value in between is read elsewhere"));
}

TEST(StitchMemoryBound, MustNotFireBecauseTheKernelWouldWaitForItself) {
  Net n;
  const ValueId x = n.op("Relu", {n.b.input("x", f32({8, 8}))});
  const ValueId m = n.op("MatMul", {x, n.b.constant("w", random_tensor({8, 8}, 1))});
  const OptimizedGraph r = rewrite_with<StitchMemoryBound>(n.graph(n.op("Add", {x, m})));
  EXPECT_THAT(group_texts(r), IsEmpty());
}

TEST(StitchMemoryBound, StaysWithinItsLimits) {
  Net n;
  ValueId v = n.b.input("x", f32({4, 8}));
  for (int i = 0; i < 60; ++i) v = n.op("Neg", {v});
  const OptimizedGraph r = rewrite_with<StitchMemoryBound>(n.graph(v));
  for (const Group* group : r.decisions.groups()) EXPECT_LE(group->nodes.size(), 24u);
  EXPECT_LE(group_texts(r).size(), 5u);
}

}  // namespace
}  // namespace kasuri::testing
