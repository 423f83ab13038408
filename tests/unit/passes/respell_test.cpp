#include "passes/simplify/drop_expand.h"
#include "passes/simplify/move_scale.h"
#include "passes/simplify/take_slice.h"
#include "passes/simplify/unfold_gemm.h"
#include "tests/support/rewrite_check.h"

namespace kasuri::testing {
namespace {

using ::testing::Contains;

struct Net {
  Net() { b.opset("", 17); }
  ValueId op(const std::string& name, std::vector<ValueId> inputs,
             std::map<std::string, Attribute> a = {}) {
    return b.add({"", name}, name, std::move(inputs), 1, std::move(a))[0];
  }
  ValueId ints(std::vector<int64_t> v) {
    return b.constant("i", Tensor::of<int64_t>({static_cast<int64_t>(v.size())}, v));
  }
  ValueId number(float v) { return b.constant("c", Tensor::of<float>({}, {v})); }
  Graph graph(ValueId y) {
    b.output("y", y);
    return typed(b);
  }
  GraphBuilder b;
};

TEST(DropExpand, LeavesRepetitionToBroadcasting) {
  Net n;
  const ValueId x = n.b.input("x", f32({4, 8})), s = n.b.input("s", f32({4, 1}));
  const ValueId y = n.op("Div", {x, n.op("Expand", {s, n.ints({4, 8})})});
  EXPECT_EQ(operators(*rewrite_with<DropExpand>(n.graph(y)).graph), "Div");
}

TEST(DropExpand, MustNotFireBecauseTheResultWouldShrink) {
  Net n;
  const ValueId s = n.b.input("s", f32({4, 1}));
  const ValueId y = n.op("Add", {n.op("Expand", {s, n.ints({4, 8})}), n.number(1)});
  const OptimizedGraph r = rewrite_with<DropExpand>(n.graph(y));
  EXPECT_EQ(operators(*r.graph), "Expand Add");
  EXPECT_THAT(reasons(r), Contains("the expansion makes the result larger"));
}

TEST(MoveScaleBehindMatMul, JoinsBothFactors) {
  Net n;
  const ValueId q = n.op("Mul", {n.b.input("q", f32({2, 4, 8})), n.number(0.5F)});
  const ValueId k = n.op("Div", {n.b.input("k", f32({2, 8, 4})), n.number(4)});
  const OptimizedGraph r = rewrite_with<MoveScaleBehindMatMul>(n.graph(n.op("MatMul", {q, k})));
  EXPECT_EQ(operators(*r.graph), "MatMul Mul");
}

TEST(MoveScaleBehindMatMul, MustNotFireInFrontOfWeights) {
  Net n;
  const ValueId q = n.op("Mul", {n.b.input("q", f32({4, 8})), n.number(0.5F)});
  const ValueId y = n.op("MatMul", {q, n.b.constant("w", random_tensor({8, 3}, 1))});
  EXPECT_EQ(operators(*rewrite_with<MoveScaleBehindMatMul>(n.graph(y)).graph), "Mul MatMul");
}

TEST(TakeSlice, TurnsOneIndexIntoAView) {
  for (const int64_t axis : {0, 1, -1}) {
    Net n;
    const ValueId x = n.b.input("x", f32({3, 4, 5}));
    const ValueId y =
        n.op("Gather", {x, n.b.constant("i", Tensor::scalar<int64_t>(-2))}, {{"axis", axis}});
    EXPECT_EQ(operators(*rewrite_with<TakeSlice>(n.graph(y)).graph), "Slice Reshape");
  }
}

TEST(TakeSlice, MustNotFireBecauseTheIndexIsComputed) {
  Net n;
  const ValueId i = n.op("ArgMax", {n.b.input("s", f32({3}))}, {{"keepdims", int64_t{0}}});
  const ValueId y = n.op("Gather", {n.b.input("x", f32({3, 4})), i});
  EXPECT_EQ(operators(*rewrite_with<TakeSlice>(n.graph(y)).graph), "ArgMax Gather");
}

TEST(UnfoldGemm, BecomesMatMulWithTheSharedAxes) {
  Net n;
  const ValueId flat = n.op("Reshape", {n.b.input("x", f32({2, 3, 8})), n.ints({-1, 8})});
  const ValueId gemm = n.op("Gemm", {flat, n.b.constant("w", random_tensor({8, 5}, 1)),
                                     n.b.constant("c", random_tensor({5}, 2))});
  const OptimizedGraph r =
      rewrite_with<UnfoldGemm>(n.graph(n.op("Reshape", {gemm, n.ints({2, 3, 5})})));
  EXPECT_EQ(operators(*r.graph), "MatMul Add");
}

TEST(UnfoldGemm, MustNotFireBecauseTheAxesAreNotRestored) {
  Net n;
  const ValueId flat = n.op("Reshape", {n.b.input("x", f32({2, 3, 8})), n.ints({-1, 8})});
  const ValueId gemm = n.op("Gemm", {flat, n.b.constant("w", random_tensor({8, 5}, 1))});
  const OptimizedGraph r =
      rewrite_with<UnfoldGemm>(n.graph(n.op("Reshape", {gemm, n.ints({3, 2, 5})})));
  EXPECT_EQ(operators(*r.graph), "Reshape Gemm Reshape");
  EXPECT_THAT(reasons(r), Contains("the reshape behind does not restore the axes"));
}

}  // namespace
}  // namespace kasuri::testing
