#include "profiling/dynamic/exit_travellers.h"

#include <gtest/gtest.h>

#include <numeric>

namespace kasuri::profiling {
namespace {

/// Row k holds 10 k, 10 k + 1, ...
Tensor numbered(int64_t first, int64_t rows, int64_t width) {
  std::vector<float> values;
  for (int64_t k = first; k < first + rows; ++k)
    for (int64_t i = 0; i < width; ++i) values.push_back(static_cast<float>(10 * k + i));
  return Tensor::of<float>({rows, width}, values);
}

std::vector<float> values_of(const Tensor& tensor) {
  const auto data = tensor.data<float>();
  return {data.begin(), data.end()};
}

TEST(ExitTravellers, RowsAreViewsWhileNobodyLeaves) {
  const NamedTensors inputs = {{"x", numbered(0, 6, 3)}};
  ExitTravellers on;
  on.start(inputs, 0, 6);
  EXPECT_EQ(on.count(), 6U);
  EXPECT_EQ(on.rows("x", 0, 6).bytes().data(), inputs.at("x").bytes().data());
  EXPECT_EQ(on.rows("x", 2, 3).bytes().data(), inputs.at("x").bytes().data() + 2 * 12);
  const std::vector<int64_t> all = {0, 1, 2, 3, 4, 5};
  on.keep(all, {"x"});
  EXPECT_EQ(on.rows("x", 0, 6).bytes().data(), inputs.at("x").bytes().data());
}

TEST(ExitTravellers, WhoStaysMovesTogetherOverPiecesAndAgain) {
  ExitTravellers on;
  const NamedTensors inputs = {{"x", numbered(0, 7, 2)}, {"y", numbered(100, 7, 1)}};
  for (int journey = 0; journey < 2; ++journey) {
    on.start(inputs, 0, 7);
    on.write("h", 0, numbered(0, 4, 2));
    on.write("h", 4, numbered(4, 2, 2));
    on.write("h", 6, numbered(6, 1, 2));
    EXPECT_EQ(values_of(on.rows("h", 3, 3)), values_of(numbered(3, 3, 2)));
    on.keep(std::vector<int64_t>{1, 3, 4, 6}, {"h", "y"});
    EXPECT_FALSE(on.has("x"));
    EXPECT_EQ(values_of(on.rows("h", 0, 4)), (std::vector<float>{10, 11, 30, 31, 40, 41, 60, 61}));
    EXPECT_EQ(values_of(on.rows("y", 1, 2)), (std::vector<float>{1030, 1040}));
    on.keep(std::vector<int64_t>{0, 2}, {"h"});
    EXPECT_EQ(values_of(on.rows("h", 0, 2)), (std::vector<float>{10, 11, 40, 41}));
    EXPECT_EQ(on.sample(0), 1U);
    EXPECT_EQ(on.sample(1), 4U);
    on.keep({}, {});
    EXPECT_TRUE(on.empty());
  }
}

TEST(ExitTravellers, SomeOfABatchKeepTheirPlacesInIt) {
  const NamedTensors inputs = {{"x", numbered(0, 6, 3)}};
  ExitTravellers on;
  on.start(inputs, 4, 2);
  EXPECT_EQ(on.count(), 2U);
  EXPECT_EQ(values_of(on.rows("x", 0, 2)), values_of(numbered(4, 2, 3)));
  on.keep(std::vector<int64_t>{1}, {"x"});
  EXPECT_EQ(on.sample(0), 5U);
  EXPECT_EQ(values_of(on.rows("x", 0, 1)), values_of(numbered(5, 1, 3)));
}

}  // namespace
}  // namespace kasuri::profiling
