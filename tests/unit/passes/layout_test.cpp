#include "passes/layout/eliminate_views.h"
#include "passes/layout/keep_channels_last.h"
#include "tests/support/rewrite_check.h"

namespace kasuri::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Net {
  Net() { b.opset("", 17); }
  ValueId op(const std::string& name, std::vector<ValueId> inputs,
             std::map<std::string, Attribute> a = {}) {
    return b.add({"", name}, name, std::move(inputs), 1, std::move(a))[0];
  }
  ValueId transpose(ValueId x, std::vector<int64_t> perm) {
    return op("Transpose", {x}, {{"perm", perm}});
  }
  ValueId reshape(ValueId x, std::vector<int64_t> to) {
    return op("Reshape",
              {x, b.constant("s", Tensor::of<int64_t>({static_cast<int64_t>(to.size())}, to))});
  }
  ValueId conv(ValueId x, int64_t from, int64_t to) {
    return op("Conv", {x, b.constant("w", random_tensor({to, from, 1, 1}, ++seed))});
  }
  Graph graph(ValueId y) {
    b.output("y", y);
    return typed(b);
  }
  GraphBuilder b;
  uint32_t seed = 0;
};

std::vector<std::string> moved(const OptimizedGraph& r) {
  std::vector<std::string> names;
  for (ValueId id : r.graph->value_ids())
    if (r.decisions.layout_of(id)) names.push_back(r.graph->value(id).name);
  return names;
}

TEST(KeepChannelsLast, MovesAWholeRegionButNoInputOrOutput) {
  Net n;
  const ValueId x = n.conv(n.b.input("x", f32({1, 3, 8, 8})), 3, 4);
  const ValueId y = n.op("Add", {n.op("Relu", {n.conv(x, 4, 4)}), x});
  const OptimizedGraph r = rewrite_with<KeepChannelsLast>(n.graph(n.conv(y, 4, 4)));
  EXPECT_THAT(moved(r), ElementsAre("Conv", "Conv_1", "Relu", "Add"));
  EXPECT_EQ(r.log.applied("KeepChannelsLast"), 1u) << "one decision per region";
}

TEST(KeepChannelsLast, MustNotFireBecauseTheBorderCostsMore) {
  Net n;
  const ValueId x = n.op("Relu", {n.b.input("x", f32({1, 4, 8, 8}))});
  const ValueId p = n.op("MaxPool", {x}, {{"kernel_shape", std::vector<int64_t>{1, 1}}});
  const auto flat = [&](ValueId v) { return n.op("Relu", {n.reshape(v, {1, -1})}); };
  const ValueId y = n.op("Sum", {flat(p), flat(p), flat(x), flat(x)});
  const OptimizedGraph r = rewrite_with<KeepChannelsLast>(n.graph(y));
  EXPECT_THAT(moved(r), IsEmpty());
  EXPECT_THAT(reasons(r), Contains("changing to row-major at its borders would cost more"));
}

TEST(EliminateViews, AttentionReadsHeadsThroughStrides) {
  Net n;
  const ValueId x = n.op("Relu", {n.b.input("x", f32({1, 8, 32}))});
  const ValueId q = n.transpose(n.reshape(x, {1, 8, 4, 8}), {0, 2, 1, 3});
  const ValueId k = n.transpose(n.reshape(x, {1, 8, 4, 8}), {0, 2, 3, 1});
  const OptimizedGraph r = rewrite_with<EliminateViews>(n.graph(n.op("MatMul", {q, k})));
  EXPECT_THAT(group_texts(r), ElementsAre("MatMul: MatMul | Transpose Transpose"));
}

TEST(EliminateViews, GoesIntoEveryReaderThroughOtherViews) {
  Net n;
  const ValueId t = n.transpose(n.op("Relu", {n.b.input("x", f32({8, 32}))}), {1, 0});
  const ValueId y =
      n.op("Add", {n.op("Exp", {n.reshape(t, {256})}), n.op("Neg", {n.reshape(t, {256})})});
  EXPECT_THAT(group_texts(rewrite_with<EliminateViews>(n.graph(y))),
              ElementsAre("Exp: Exp | Transpose Reshape", "Neg: Neg | Transpose Reshape"));
}

TEST(EliminateViews, GoesIntoTheProducerWhereReadersCannot) {
  Net n;
  const ValueId t = n.transpose(n.op("Relu", {n.b.input("x", f32({8, 32}))}), {1, 0});
  EXPECT_THAT(group_texts(rewrite_with<EliminateViews>(n.graph(t))),
              ElementsAre("Relu: Relu | Transpose"));
}

TEST(EliminateViews, MustNotFireBecauseNothingMoves) {
  Net n;
  const ValueId t = n.transpose(n.op("Relu", {n.b.input("x", f32({8, 1, 32}))}), {1, 0, 2});
  const OptimizedGraph r =
      rewrite_with<EliminateViews>(n.graph(n.op("Exp", {n.reshape(t, {256})})));
  EXPECT_THAT(group_texts(r), IsEmpty());
}

TEST(EliminateViews, MustNotFireBecauseRowsWouldBeStrided) {
  Net n;
  const ValueId x = n.op("Relu", {n.b.input("x", f32({8, 32}))});
  n.b.output("z", x);
  const ValueId y = n.op("Softmax", {n.transpose(x, {1, 0})}, {{"axis", int64_t{-1}}});
  const OptimizedGraph r = rewrite_with<EliminateViews>(n.graph(y));
  EXPECT_THAT(group_texts(r), IsEmpty());
  EXPECT_THAT(reasons(r), Contains(HasSubstr("rows would be read with a stride, several times")));
}

TEST(EliminateViews, MustNotFireBecauseAConcatTakesComputedValues) {
  Net n;
  const ValueId x = n.op("Relu", {n.b.input("x", f32({4, 4}))});
  const ValueId y = n.op("Concat", {n.transpose(x, {1, 0}), x}, {{"axis", int64_t{0}}});
  EXPECT_THAT(reasons(rewrite_with<EliminateViews>(n.graph(y))),
              Contains(HasSubstr("'Concat' joins it with others")));
}

}  // namespace
}  // namespace kasuri::testing
