#include "passes/simplify/merge_equal_nodes.h"
#include "passes/simplify/merge_movements.h"
#include "passes/simplify/remove_identity.h"
#include "tests/support/rewrite_check.h"

namespace kasuri::testing {
namespace {

using ::testing::Contains;

/// x -> Relu -> `op`(relu, extra...) -> Neg -> y
struct Chain {
  explicit Chain(std::vector<int64_t> extents) {
    b.opset("", 17);
    x = b.add({"", "Relu"}, "relu", {b.input("x", f32(extents))})[0];
  }
  Graph then(const std::string& op, std::vector<ValueId> extra = {},
             std::map<std::string, Attribute> attributes = {}, bool constant_first = false) {
    std::vector<ValueId> inputs{x};
    inputs.insert(constant_first ? inputs.begin() : inputs.end(), extra.begin(), extra.end());
    const ValueId y = b.add({"", op}, "site", inputs, 1, std::move(attributes))[0];
    b.output("y", b.add({"", "Neg"}, "neg", {y})[0]);
    return typed(b);
  }
  ValueId number(float v) { return b.constant("c", Tensor::of<float>({}, {v})); }
  ValueId ints(std::vector<int64_t> v) {
    return b.constant("i", Tensor::of<int64_t>({static_cast<int64_t>(v.size())}, v));
  }
  GraphBuilder b;
  ValueId x;
};

std::string simplified(const Graph& graph) {
  return operators(*rewrite_with<RemoveIdentity>(graph).graph);
}

TEST(RemoveIdentity, FiresOnWhatChangesNothing) {
  EXPECT_EQ(simplified(Chain({2, 3}).then("Identity")), "Relu Neg");
  EXPECT_EQ(simplified(Chain({2, 3}).then("Dropout")), "Relu Neg");
  EXPECT_EQ(simplified(Chain({2, 3}).then("Cast", {}, {{"to", int64_t{1}}})), "Relu Neg");
  EXPECT_EQ(simplified(Chain({2, 3}).then("Transpose", {}, {{"perm", std::vector<int64_t>{0, 1}}})),
            "Relu Neg");
  Chain reshape({2, 3});
  EXPECT_EQ(simplified(reshape.then("Reshape", {reshape.ints({2, -1})})), "Relu Neg");
  Chain slice({2, 3});
  EXPECT_EQ(simplified(slice.then("Slice", {slice.ints({0}), slice.ints({9}), slice.ints({1})})),
            "Relu Neg");
  Chain one({2, 3});
  EXPECT_EQ(simplified(one.then("Mul", {one.number(1)}, {}, true)), "Relu Neg");
  Chain zero({2, 3});
  EXPECT_EQ(simplified(zero.then("Sub", {zero.number(0)})), "Relu Neg");
}

TEST(RemoveIdentity, DropoutThatTrainsStays) {
  const auto with_mode = [](Chain& chain, bool trains) {
    const ValueId ratio = chain.b.constant("ratio", Tensor::of<float>({}, {0.5F}));
    const ValueId mode =
        chain.b.constant("mode", Tensor::make(DataType::kBool, {}, [&](std::span<std::byte> out) {
                           out[0] = static_cast<std::byte>(trains);
                         }));
    return chain.then("Dropout", {ratio, mode});
  };
  Chain infers({2, 3}), trains({2, 3}), asks({2, 3});
  EXPECT_EQ(simplified(with_mode(infers, false)), "Relu Neg");
  EXPECT_EQ(simplified(with_mode(trains, true)), "Relu Dropout Neg");
  const ValueId ratio = asks.b.constant("ratio", Tensor::of<float>({}, {0.5F}));
  const ValueId mode = asks.b.input("mode", ValueType::tensor(DataType::kBool, Shape{}));
  EXPECT_EQ(simplified(asks.then("Dropout", {ratio, mode})), "Relu Dropout Neg")
      << "the mode is known only at run time";
}

TEST(RemoveIdentity, MustNotFireBecauseBitsOrTypesWouldChange) {
  Chain add({2, 3});
  EXPECT_EQ(simplified(add.then("Add", {add.number(0)})), "Relu Add Neg") << "-0 + 0 is +0";
  Chain wide({1, 3});
  const ValueId ones = wide.b.constant("ones", Tensor::of<float>({1, 1, 1}, {1}));
  EXPECT_EQ(simplified(wide.then("Mul", {ones})), "Relu Mul Neg") << "the constant adds an axis";
  Chain left({2, 3});
  EXPECT_EQ(simplified(left.then("Sub", {left.number(0)}, {}, true)), "Relu Sub Neg") << "0 - x";
  Chain back({2, 3});
  EXPECT_EQ(simplified(back.then(
                "Slice", {back.ints({-1}), back.ints({-9}), back.ints({1}), back.ints({-1})})),
            "Relu Slice Neg")
      << "a reversal keeps the extents";
}

TEST(RemoveIdentity, MustNotFireBetweenInputAndOutput) {
  GraphBuilder b;
  b.opset("", 17);
  b.output("y", b.add({"", "Identity"}, "id", {b.input("x", f32({2}))})[0]);
  const OptimizedGraph result = rewrite_with<RemoveIdentity>(typed(b));
  EXPECT_EQ(operators(*result.graph), "Identity");
  EXPECT_THAT(reasons(result), Contains("a graph output needs a value of its own"));
}

TEST(MergeTransposes, ComposesAndCancels) {
  GraphBuilder b;
  b.opset("", 17);
  const ValueId x = b.add({"", "Relu"}, "relu", {b.input("x", f32({2, 3, 4}))})[0];
  const ValueId t =
      b.add({"", "Transpose"}, "t", {x}, 1, {{"perm", std::vector<int64_t>{1, 2, 0}}})[0];
  const ValueId u =
      b.add({"", "Transpose"}, "u", {t}, 1, {{"perm", std::vector<int64_t>{2, 0, 1}}})[0];
  b.output("y", b.add({"", "Neg"}, "n", {u})[0]);
  EXPECT_EQ(operators(*rewrite_with<RemoveIdentity, MergeTransposes>(typed(b)).graph), "Relu Neg");
}

TEST(MergeReshapes, KeepsTheLastShape) {
  GraphBuilder b;
  b.opset("", 17);
  const ValueId x = b.add({"", "Relu"}, "relu", {b.input("x", f32({2, 3, 4}))})[0];
  const ValueId r =
      b.add({"", "Reshape"}, "r", {x, b.constant("s", Tensor::of<int64_t>({2}, {6, 4}))})[0];
  const ValueId q =
      b.add({"", "Reshape"}, "q", {r, b.constant("t", Tensor::of<int64_t>({2}, {0, -1}))})[0];
  const ValueId p =
      b.add({"", "Reshape"}, "p", {q, b.constant("u", Tensor::of<int64_t>({2}, {8, -1}))})[0];
  b.output("y", b.add({"", "Neg"}, "n", {p})[0]);
  const OptimizedGraph result = rewrite_with<MergeReshapes>(typed(b));
  EXPECT_EQ(operators(*result.graph), "Relu Reshape Neg");
}

TEST(MergeEqualNodes, KeepsTheFirstOfTwins) {
  GraphBuilder b;
  b.opset("", 17);
  const ValueId x = b.input("x", f32({4}));
  const ValueId p = b.add({"", "Mul"}, "p", {x, b.constant("c", Tensor::of<float>({}, {2}))})[0];
  const ValueId q = b.add({"", "Mul"}, "q", {x, b.constant("d", Tensor::of<float>({}, {2}))})[0];
  b.output("y", b.add({"", "Sub"}, "s",
                      {b.add({"", "Exp"}, "e", {p})[0], b.add({"", "Exp"}, "f", {q})[0]})[0]);
  const OptimizedGraph result = rewrite_with<MergeEqualNodes>(typed(b));
  EXPECT_EQ(operators(*result.graph), "Mul Exp Sub");
  EXPECT_THAT(result.graph->node(*result.graph->find_node("p")).provenance,
              ::testing::ElementsAre("p", "q"));
}

TEST(MergeEqualNodes, MustNotFireBecauseSomethingDiffers) {
  GraphBuilder b;
  b.opset("", 17);
  const ValueId x = b.input("x", f32({4}));
  const ValueId p = b.add({"", "Mul"}, "p", {x, b.constant("c", Tensor::of<float>({}, {2}))})[0];
  const ValueId q = b.add({"", "Mul"}, "q", {x, b.constant("d", Tensor::of<float>({}, {3}))})[0];
  const ValueId r = b.add({"", "LeakyRelu"}, "r", {p}, 1, {{"alpha", 0.1F}})[0];
  const ValueId s = b.add({"", "LeakyRelu"}, "s", {p}, 1, {{"alpha", 0.2F}})[0];
  b.output("y", b.add({"", "Sum"}, "t", {q, r, s})[0]);
  EXPECT_EQ(operators(*rewrite_with<MergeEqualNodes>(typed(b)).graph),
            "Mul Mul LeakyRelu LeakyRelu Sum");
}

}  // namespace
}  // namespace kasuri::testing
