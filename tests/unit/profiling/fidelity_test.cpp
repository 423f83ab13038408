#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "profiling/fidelity/output_difference.h"
#include "profiling/fidelity/single_elements.h"

namespace kasuri::profiling {
namespace {

Tensor floats(std::vector<int64_t> extents, const std::vector<float>& values) {
  return Tensor::of<float>(std::move(extents), values);
}

TEST(Fidelity, SameBitsAreEqual) {
  const Tensor a = floats({2, 2}, {1, 2, 3, std::nanf("")});
  EXPECT_EQ(compare_output("y", a, a, {}).verdict, FidelityVerdict::kEqual);
}

TEST(Fidelity, SmallDifferencesLieWithinTheTolerance) {
  const auto difference =
      compare_output("y", floats({1, 3}, {1, 2, 100}), floats({1, 3}, {1.001f, 2, 100}), {});
  EXPECT_EQ(difference.verdict, FidelityVerdict::kWithinTolerance);
  EXPECT_NEAR(difference.max_abs, 1e-3, 1e-6);
  EXPECT_EQ(difference.argmax_agreement, 1.0);
  EXPECT_GT(difference.cosine, 0.999999);
}

TEST(Fidelity, LargeDifferencesBreak) {
  const auto difference =
      compare_output("y", floats({1, 3}, {1, 2, 3}), floats({1, 3}, {1, 3, 2}), {});
  EXPECT_EQ(difference.verdict, FidelityVerdict::kBroken);
  EXPECT_EQ(difference.argmax_agreement, 0.0);
}

TEST(Fidelity, NotANumberOnOneSideBreaks) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(compare_output("y", floats({2}, {1, 2}), floats({2}, {1, nan}), {}).verdict,
            FidelityVerdict::kBroken);
}

TEST(Fidelity, IntegersMustBeEqual) {
  const auto a = Tensor::of<int64_t>({2}, {1, 2}), b = Tensor::of<int64_t>({2}, {1, 3});
  EXPECT_EQ(compare_output("y", a, b, {}).verdict, FidelityVerdict::kBroken);
}

TEST(Fidelity, OtherShapesAndMissingOutputsBreak) {
  EXPECT_EQ(compare_output("y", floats({2}, {1, 2}), floats({1, 2}, {1, 2}), {}).verdict,
            FidelityVerdict::kBroken);
  const auto result = compare_outputs({{"y", floats({1}, {1})}}, {}, {});
  EXPECT_EQ(result.verdict, FidelityVerdict::kBroken);
  EXPECT_EQ(result.why, "output 'y' is missing");
}

Node node_of(const std::string& op, std::map<std::string, Attribute> attributes = {}) {
  Node node;
  node.op.name = op;
  node.name = "n";
  node.attributes = std::move(attributes);
  return node;
}

TEST(SingleElements, MatMulWithBroadcastBatch) {
  const Tensor a = floats({2, 1, 2}, {1, 2, 3, 4}), b = floats({1, 2, 2}, {5, 6, 7, 8});
  const Tensor out = floats({2, 1, 2}, {19, 22, 43, 50});
  const std::vector<RuntimeValue> inputs = {a, b};
  for (int64_t i = 0; i < 4; ++i)
    EXPECT_DOUBLE_EQ(recompute_element(node_of("MatMul"), inputs, out, i)->value,
                     out.data<float>()[static_cast<size_t>(i)]);
}

TEST(SingleElements, GemmTransposedWithBias) {
  const std::vector<RuntimeValue> inputs = {floats({1, 2}, {1, 2}), floats({2, 2}, {3, 4, 5, 6}),
                                            floats({2}, {10, 20})};
  const auto node = node_of("Gemm", {{"transB", int64_t{1}}, {"alpha", 2.0f}, {"beta", 0.5f}});
  const Tensor out = floats({1, 2}, {0, 0});
  EXPECT_DOUBLE_EQ(recompute_element(node, inputs, out, 0)->value, 2 * 11 + 5);
  EXPECT_DOUBLE_EQ(recompute_element(node, inputs, out, 1)->value, 2 * 17 + 10);
}

TEST(SingleElements, ConvWithPadsStridesAndGroups) {
  // Two groups of one channel, 3 wide, kernel 2, stride 2, one pad in front.
  const std::vector<RuntimeValue> inputs = {floats({1, 2, 3}, {1, 2, 3, 4, 5, 6}),
                                            floats({2, 1, 2}, {10, 1, 100, 7})};
  const auto node = node_of("Conv", {{"group", int64_t{2}},
                                     {"strides", std::vector<int64_t>{2}},
                                     {"pads", std::vector<int64_t>{1, 0}}});
  const Tensor out = floats({1, 2, 2}, {0, 0, 0, 0});
  EXPECT_DOUBLE_EQ(recompute_element(node, inputs, out, 0)->value, 1);
  EXPECT_DOUBLE_EQ(recompute_element(node, inputs, out, 1)->value, 20 + 3);
  EXPECT_DOUBLE_EQ(recompute_element(node, inputs, out, 2)->value, 28);
  EXPECT_DOUBLE_EQ(recompute_element(node, inputs, out, 3)->value, 500 + 42);
}

}  // namespace
}  // namespace kasuri::profiling
