#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/reference/single_node.h"

// Operators of com.microsoft; the numbers are ONNX Runtime's.
namespace kasuri {
namespace {

using testing::Call;
using ::testing::FloatNear;
using ::testing::HasSubstr;
using testing::only;
using ::testing::Pointwise;
using testing::run_node;
using testing::values;
using Extents = std::vector<int64_t>;

void expect_near(const Tensor& actual, const std::vector<float>& expected) {
  EXPECT_THAT(values<float>(actual), Pointwise(FloatNear(1e-5f), expected));
}

/// ((i * step) % 11 - 5) / 4
Tensor pattern(int step, const Extents& extents) {
  int64_t count = 1;
  for (int64_t e : extents) count *= e;
  std::vector<float> v;
  for (int64_t i = 0; i < count; ++i) v.push_back(static_cast<float>(i * step % 11 - 5) / 4);
  return Tensor::of<float>(extents, v);
}

/// Every 13th element.
void expect_samples(const RuntimeValue& actual, const std::vector<float>& expected) {
  std::vector<float> some;
  const auto all = actual.tensor().data<float>();
  for (size_t i = 0; i < all.size(); i += 13) some.push_back(all[i]);
  EXPECT_THAT(some, Pointwise(FloatNear(1e-5f), expected));
}

/// Two texts of three and two tokens, the last of each new.
Call one_token() {
  return {.op = {"com.microsoft", "GroupQueryAttention"},
          .inputs = {pattern(7, {2, 1, 32}), pattern(3, {2, 1, 16}), pattern(5, {2, 1, 16}),
                     pattern(2, {2, 1, 2, 16}), pattern(4, {2, 1, 2, 16}),
                     Tensor::of<int32_t>({2}, {2, 1}), Tensor::scalar<int32_t>(3)},
          .attributes = {{"num_heads", int64_t{2}}, {"kv_num_heads", int64_t{1}}},
          .outputs = 3};
}

const std::vector<float> kValues = {-1.25f, 0.75f, 0, -0.75f, -1, 0.75f, 0.5f, 0};

TEST(GroupQueryAttention, TextsOfDifferentLengths) {
  const auto out = run_node(one_token());
  ASSERT_TRUE(out.ok()) << out.error().text();
  expect_samples(out->at(0), {-1.144664f, 1.070569f, 0.345968f, -0.450141f, -1});
  expect_samples(out->at(1), {-1.25f, -0.25f, 0.75f, 1.25f, 0.25f, 0.5f, -0.75f, 0});
  expect_samples(out->at(2), kValues);
}

TEST(GroupQueryAttention, RotaryPositions) {
  Call call = one_token();
  std::vector<float> cosines, sines;
  for (int i = 0; i < 32; ++i) {
    cosines.push_back(std::vector<float>{1, 0.8f, 0.6f, 0}[static_cast<size_t>(i) / 8]);
    sines.push_back(std::vector<float>{0, 0.6f, 0.8f, 1}[static_cast<size_t>(i) / 8]);
  }
  call.inputs.emplace_back(Tensor::of<float>({4, 8}, cosines));
  call.inputs.emplace_back(Tensor::of<float>({4, 8}, sines));
  call.attributes["do_rotary"] = int64_t{1};
  const auto out = run_node(call);
  ASSERT_TRUE(out.ok()) << out.error().text();
  expect_samples(out->at(0), {-0.772326f, 0.947189f, 0.325015f, -0.427390f, -1});
  expect_samples(out->at(1), {-1.25f, -0.25f, 0.75f, 1.55f, 0.25f, -0.2f, -1.35f, 0});
  expect_samples(out->at(2), kValues);
}

TEST(GroupQueryAttention, WindowAndSoftcap) {
  const Tensor none = Tensor::make(DataType::kFloat, {1, 1, 0, 16});
  Call call{
      .op = {"com.microsoft", "GroupQueryAttention"},
      .inputs = {pattern(7, {1, 4, 16}), pattern(3, {1, 4, 16}), pattern(5, {1, 4, 16}), none, none,
                 Tensor::of<int32_t>({1}, {3}), Tensor::scalar<int32_t>(4)},
      .attributes = {{"num_heads", int64_t{1}}, {"kv_num_heads", int64_t{1}}, {"softcap", 1.5f}}};
  const auto all = run_node(call);
  ASSERT_TRUE(all.ok()) << all.error().text();
  expect_samples(all->at(0), {-1.25f, 1.25f, 0.861914f, 0.306290f, 0.170900f});
  call.attributes["local_window_size"] = int64_t{2};
  const auto two = run_node(call);
  ASSERT_TRUE(two.ok()) << two.error().text();
  expect_samples(two->at(0), {-1.25f, 1.25f, 0.861914f, 0.572457f, 0.330889f});
}

TEST(GroupQueryAttention, RefusesWhatDoesNotFit) {
  Call call = one_token();
  call.inputs[5] = Tensor::of<int32_t>({2}, {2, 3});
  EXPECT_THAT(run_node(call).error().text(), HasSubstr("length 4 of at most 3"));
  call = one_token();
  call.attributes["num_heads"] = int64_t{3};
  EXPECT_THAT(run_node(call).error().text(), HasSubstr("32] in 3 heads"));
  call = one_token();
  call.inputs[3] = pattern(1, {2, 1, 1, 16});
  EXPECT_THAT(run_node(call).error().text(), HasSubstr("2 tokens in a cache of 1"));
}

TEST(QuantisedProducts, CodesToFloats) {
  const Call call{
      .op = {"com.microsoft", "MatMulIntegerToFloat"},
      .inputs = {Tensor::of<uint8_t>({2, 3}, {1, 2, 3, 250, 4, 9}),
                 Tensor::of<int8_t>({3, 2}, {1, -2, 3, 4, -5, 6}), Tensor::scalar<float>(0.5f),
                 Tensor::of<float>({2}, {0.25f, 2}), Tensor::scalar<uint8_t>(2),
                 Tensor::of<int8_t>({2}, {1, -1}), Tensor::of<float>({2}, {10, 20})}};
  expect_near(only(run_node(call)), {9.25f, 28, 5.25f, -169});
}

TEST(QuantisedProducts, FloatsAreQuantisedFirst) {
  const Call call{
      .op = {"com.microsoft", "DynamicQuantizeMatMul"},
      .inputs = {Tensor::of<float>({2, 2}, {-1, 0.5f, 2, 0.3f}),
                 Tensor::of<int8_t>({2, 2}, {1, -2, 3, 4}), Tensor::of<float>({2}, {0.25f, 2}),
                 Tensor::of<int8_t>({2}, {1, -1}), Tensor::of<float>({2}, {10, 20})}};
  expect_near(only(run_node(call)), {10.247059f, 26.941177f, 10.152941f, 19.058823f});
}

Call lstm() {
  return {.op = {"com.microsoft", "DynamicQuantizeLSTM"},
          .inputs = {Tensor::of<float>({3, 1, 2}, {-1, 0.5f, 0.25f, 2, 1, -0.5f}),
                     Tensor::of<int8_t>({1, 2, 4}, {10, -20, 30, 40, 5, 6, -7, 80}),
                     Tensor::of<int8_t>({1, 1, 4}, {1, -2, 30, 4}),
                     Tensor::of<float>({1, 8}, {0.1f, 0.2f, 0.3f, 0.4f, 0, 0, 0.1f, 0}),
                     {},
                     {},
                     {},
                     {},
                     Tensor::scalar<float>(0.02f).reshaped({1}),
                     Tensor::of<int8_t>({1}, {0}),
                     Tensor::scalar<float>(0.03f).reshaped({1}),
                     Tensor::of<int8_t>({1}, {0})},
          .attributes = {{"hidden_size", int64_t{1}}},
          .outputs = 3};
}

TEST(DynamicQuantizeLstm, StatesAreQuantisedAtEveryStep) {
  const auto out = run_node(lstm());
  ASSERT_TRUE(out.ok()) << out.error().text();
  expect_near(out->at(0).tensor(), {0.118159f, 0.350027f, 0.284359f});
  expect_near(out->at(1).tensor(), {0.284359f});
  expect_near(out->at(2).tensor(), {0.794078f});
}

TEST(DynamicQuantizeLstm, RefusesWhatDoesNotFit) {
  Call call = lstm();
  call.inputs[8] = Tensor::of<float>({3}, {1, 2, 3});
  EXPECT_THAT(run_node(call).error().text(), HasSubstr("3 scales"));
  call = lstm();
  call.attributes["clip"] = 1.0f;
  EXPECT_THAT(run_node(call).error().text(), HasSubstr("clip"));
}

TEST(ZipMap, RowsBecomeMaps) {
  Call call{.op = {"ai.onnx.ml", "ZipMap"},
            .inputs = {Tensor::of<float>({2, 2}, {0.25f, 0.75f, 1, 0})},
            .attributes = {{"classlabels_strings", std::vector<std::string>{"cat", "dog"}}}};
  const auto out = run_node(call);
  ASSERT_TRUE(out.ok()) << out.error().text();
  const TensorSequence& maps = out->at(0).items();
  ASSERT_EQ(maps.size(), 2U);
  EXPECT_EQ(maps[1].items().at(0).tensor().strings(), (std::vector<std::string>{"cat", "dog"}));
  expect_near(maps[0].items().at(1).tensor(), {0.25f, 0.75f});
  expect_near(maps[1].items().at(1).tensor(), {1, 0});
  call.inputs = {Tensor::of<float>({1, 3}, {1, 2, 3})};
  EXPECT_THAT(run_node(call).error().text(), HasSubstr("2 labels for scores [1,3]"));
}

TEST(BatchNormalization, FiveOutputsMeanTrainingBeforeOpset14) {
  const Call call{.op = {"", "BatchNormalization"},
                  .inputs = {Tensor::of<float>({2, 1, 2}, {1, 2, 3, 6}),
                             Tensor::of<float>({1}, {1}), Tensor::of<float>({1}, {0}),
                             Tensor::of<float>({1}, {10}), Tensor::of<float>({1}, {20})},
                  .attributes = {{"momentum", 0.5f}, {"epsilon", 0.0f}},
                  .opset = 9,
                  .outputs = 5};
  const auto out = run_node(call);
  ASSERT_TRUE(out.ok()) << out.error().text();
  expect_near(out->at(0).tensor(), {-1.069045f, -0.534522f, 0, 1.603567f});
  expect_near(out->at(1).tensor(), {6.5f});
  expect_near(out->at(2).tensor(), {11.75f});
  expect_near(out->at(3).tensor(), {3});
  expect_near(out->at(4).tensor(), {3.5f});
}

}  // namespace
}  // namespace kasuri
