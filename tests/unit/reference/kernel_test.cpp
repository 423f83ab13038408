#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "tests/unit/reference/single_node.h"

namespace kasuri {
namespace {

using testing::Call;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::only;
using testing::run_node;
using testing::values;

constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();

TEST(ReferenceKernels, AddBroadcasts) {
  const auto sum = only(run_node(
      {{"", "Add"}, {Tensor::of<float>({2, 1}, {1, 2}), Tensor::of<float>({3}, {10, 20, 30})}}));
  EXPECT_EQ(sum.extents(), (std::vector<int64_t>{2, 3}));
  EXPECT_THAT(values<float>(sum), ElementsAre(11, 21, 31, 12, 22, 32));
}

TEST(ReferenceKernels, IntegerDivisionIsDefinedEverywhere) {
  const auto a = Tensor::of<int64_t>({4}, {7, -7, kLowest, 5}),
             b = Tensor::of<int64_t>({4}, {0, 2, -1, -1});
  EXPECT_THAT(values<int64_t>(only(run_node({{"", "Div"}, {a, b}}))),
              ElementsAre(0, -3, kLowest, -5));
  EXPECT_THAT(values<int64_t>(only(run_node({{"", "Mod"}, {a, b}}))), ElementsAre(0, 1, 0, 0));
}

TEST(ReferenceKernels, UnsignedLongsKeepTheirSize) {
  const uint64_t large = std::numeric_limits<uint64_t>::max();
  const auto a = Tensor::of<uint64_t>({2}, {large, 1}), b = Tensor::of<uint64_t>({2}, {1, large});
  EXPECT_THAT(values<uint64_t>(only(run_node({{"", "Max"}, {a, b}}))), ElementsAre(large, large));
}

TEST(ReferenceKernels, FloatSumsAreRoundedOnce) {
  std::vector<float> ones(1 << 16, 1.0f);
  ones[0] = 16777216.0f;  // float32 sums would stay there
  const auto sum = only(run_node(
      {{"", "ReduceSum"}, {Tensor::of<float>({1 << 16}, ones)}, {{"keepdims", int64_t{0}}}}));
  EXPECT_EQ(values<float>(sum)[0], 16777216.0f + 65536.0f);
}

TEST(ReferenceKernels, MatMulIsExactlyTheThreeLoops) {
  const int64_t m = 37, k = 301, n = 53;
  std::vector<float> a(m * k), b(k * n);
  for (size_t i = 0; i < a.size(); ++i) a[i] = std::sin(static_cast<float>(i));
  for (size_t i = 0; i < b.size(); ++i) b[i] = std::cos(static_cast<float>(i) * 0.7f);
  const auto product = only(
      run_node({{"", "MatMul"}, {Tensor::of<float>({m, k}, a), Tensor::of<float>({k, n}, b)}}));
  const auto got = values<float>(product);
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) {
      double sum = 0;
      for (int64_t p = 0; p < k; ++p) sum += static_cast<double>(a[i * k + p]) * b[p * n + j];
      ASSERT_EQ(got[i * n + j], static_cast<float>(sum)) << i << "," << j;
    }
}

TEST(ReferenceKernels, IntegerMatMulWrapsAround) {
  const int64_t big = int64_t{1} << 40;
  const auto square = only(
      run_node({{"", "MatMul"},
                {Tensor::of<int64_t>({1, 1}, {big + 1}), Tensor::of<int64_t>({1, 1}, {big})}}));
  EXPECT_THAT(values<int64_t>(square), ElementsAre(big));
}

TEST(ReferenceKernels, ConvolutionMatchesTheDefinition) {
  const int64_t c = 4, h = 9, w = 7, filters = 6, group = 2;
  std::vector<float> x(c * h * w), weight(filters * c / group * 9);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(static_cast<int>(i % 17) - 8);
  for (size_t i = 0; i < weight.size(); ++i)
    weight[i] = static_cast<float>(static_cast<int>(i % 5) - 2);
  const auto y = only(run_node(
      {{"", "Conv"},
       {Tensor::of<float>({1, c, h, w}, x), Tensor::of<float>({filters, c / group, 3, 3}, weight)},
       {{"group", group},
        {"strides", std::vector<int64_t>{2, 1}},
        {"pads", std::vector<int64_t>{1, 0, 2, 1}},
        {"dilations", std::vector<int64_t>{1, 2}}}}));
  ASSERT_EQ(y.extents(), (std::vector<int64_t>{1, filters, 5, 4}));
  for (int64_t f = 0; f < filters; ++f)
    for (int64_t i = 0; i < 5; ++i)
      for (int64_t j = 0; j < 4; ++j) {
        float sum = 0;
        for (int64_t ch = 0; ch < 2; ++ch)
          for (int64_t p = 0; p < 3; ++p)
            for (int64_t q = 0; q < 3; ++q) {
              const int64_t r = i * 2 + p - 1, s = j + q * 2;
              if (r < 0 || r >= h || s >= w) continue;
              sum += x[((f / 3 * 2 + ch) * h + r) * w + s] * weight[((f * 2 + ch) * 3 + p) * 3 + q];
            }
        EXPECT_EQ(values<float>(y)[(f * 5 + i) * 4 + j], sum);
      }
}

TEST(ReferenceKernels, SoftmaxBeforeOpset13NormalisesAllLaterAxes) {
  const auto x = Tensor::of<float>({1, 2, 2}, {0, 0, 0, 0});
  EXPECT_THAT(values<float>(only(run_node({{"", "Softmax"}, {x}, {}, 11}))),
              ElementsAre(0.25f, 0.25f, 0.25f, 0.25f));
  EXPECT_THAT(values<float>(only(run_node({{"", "Softmax"}, {x}, {}, 13}))),
              ElementsAre(0.5f, 0.5f, 0.5f, 0.5f));
}

TEST(ReferenceKernels, WrongDataIsAnErrorInWords) {
  const auto data = Tensor::of<float>({2}, {1, 2});
  EXPECT_THAT(run_node({{"", "Gather"}, {data, Tensor::of<int64_t>({1}, {2})}}).error().text(),
              HasSubstr("index 2 is outside an axis of 2"));
  EXPECT_THAT(run_node({{"", "Add"}, {data, Tensor::of<float>({3}, {1, 2, 3})}}).error().text(),
              HasSubstr("do not broadcast"));
  EXPECT_THAT(run_node({{"", "Relu"}, {}}).error().text(), HasSubstr("input 0 is missing"));
  EXPECT_THAT(run_node({{"", "Nonsense"}, {data}}).error().text(),
              HasSubstr("no reference kernel for Nonsense"));
}

TEST(ReferenceKernels, ResultsAreBoundedByTheMemoryLimit) {
  const auto shape = Tensor::of<int64_t>({3}, {1 << 20, 1 << 20, 1});
  EXPECT_THAT(run_node({{"", "ConstantOfShape"}, {shape}}).error().text(), HasSubstr("would need"));
  const auto overflow = Tensor::of<int64_t>({3}, {int64_t{1} << 40, int64_t{1} << 40, 2});
  EXPECT_THAT(run_node({{"", "Expand"}, {Tensor::scalar<float>(1), overflow}}).error().text(),
              HasSubstr("make no tensor"));
}

TEST(ReferenceKernels, StopsWhenAsked) {
  TaskContext task;
  task.cancel.cancel();
  const auto x = Tensor::of<float>({1, 1}, {1});
  const auto result = run_node({{"", "MatMul"}, {x, x}}, task);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().kind(), ErrorKind::kCancelled);
}

TEST(ReferenceKernels, QuantisesHalfToEvenAndSaturates) {
  const auto codes = only(run_node({{"", "QuantizeLinear"},
                                    {Tensor::of<float>({5}, {0.5f, 1.5f, -3, 1000, NAN}),
                                     Tensor::scalar<float>(1), Tensor::scalar<uint8_t>(2)}}));
  EXPECT_THAT(values<uint8_t>(codes), ElementsAre(2, 4, 0, 255, 2));
}

TEST(ReferenceKernels, EinsumAsMatricesEqualsItsDefinition) {
  std::vector<float> a(2 * 3 * 4), b(5 * 4 * 2);
  for (size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(i % 7) - 3;
  for (size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(i % 5) - 2;
  const auto y = only(run_node({{"", "Einsum"},
                                {Tensor::of<float>({2, 3, 4}, a), Tensor::of<float>({5, 4, 2}, b)},
                                {{"equation", std::string("bij,kjb->ikb")}}}));
  ASSERT_EQ(y.extents(), (std::vector<int64_t>{3, 5, 2}));
  for (size_t i = 0; i < 3; ++i)
    for (size_t k = 0; k < 5; ++k)
      for (size_t n = 0; n < 2; ++n) {
        float sum = 0;
        for (size_t j = 0; j < 4; ++j) sum += a[(n * 3 + i) * 4 + j] * b[(k * 4 + j) * 2 + n];
        EXPECT_EQ(values<float>(y)[(i * 5 + k) * 2 + n], sum);
      }
}

TEST(ReferenceKernels, DrawsComeTrueAsOftenAsTheyShould) {
  constexpr int kDraws = 20000;
  const std::vector<float> chances(kDraws, 0.3F);
  const auto drawn = values<float>(
      only(run_node({.op = {"", "Bernoulli"}, .inputs = {Tensor::of<float>({kDraws}, chances)}})));
  const double ones = std::accumulate(drawn.begin(), drawn.end(), 0.0);
  EXPECT_NEAR(ones / kDraws, 0.3, 5 * std::sqrt(0.3 * 0.7 / kDraws));
  const auto kept = values<float>(
      only(run_node({.op = {"", "Dropout"},
                     .inputs = {Tensor::of<float>({kDraws}, chances), Tensor::scalar(0.75F),
                                Tensor::make(DataType::kBool, {},
                                             [](std::span<std::byte> b) { b[0] = std::byte{1}; })},
                     .outputs = 2})));
  const double sum = std::accumulate(kept.begin(), kept.end(), 0.0);
  EXPECT_NEAR(sum / kDraws, 0.3, 5 * 1.2 * std::sqrt(0.25 * 0.75 / kDraws));
}

TEST(ReferenceKernels, RegularExpressionsTakeLinearTime) {
  const std::string text(5000, 'a');
  const Call call{{"", "RegexFullMatch"},
                  {Tensor::strings({2}, {text, text + "b"})},
                  {{"pattern", std::string("(a+)+b")}}};
  EXPECT_THAT(values<uint8_t>(only(run_node(call))), ElementsAre(0, 1));
}

}  // namespace
}  // namespace kasuri
