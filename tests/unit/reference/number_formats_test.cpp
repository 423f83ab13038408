#include "engine/ir/number_formats.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace kasuri {
namespace {

class SmallFloats : public ::testing::TestWithParam<DataType> {};

TEST_P(SmallFloats, EveryCodeSurvivesDecodingAndEncoding) {
  const uint32_t count = 1u << bits_of(GetParam());
  for (uint32_t code = 0; code < count; ++code) {
    const double value = decode_float(code, GetParam());
    if (std::isnan(value)) continue;
    EXPECT_EQ(encode_float(value, GetParam(), Overflow::kSpecial), code) << value;
  }
}

TEST_P(SmallFloats, ValuesBetweenTwoCodesGoToTheNearestAndTiesToEven) {
  const uint32_t count = 1u << (bits_of(GetParam()) - 1);
  for (uint32_t code = 0; code + 1 < count; ++code) {
    const double low = decode_float(code, GetParam()), high = decode_float(code + 1, GetParam());
    if (!std::isfinite(low) || !std::isfinite(high)) break;
    const double middle = (low + high) / 2, step = (high - low) / 8;
    EXPECT_EQ(encode_float(middle - step, GetParam(), Overflow::kSpecial), code);
    EXPECT_EQ(encode_float(middle + step, GetParam(), Overflow::kSpecial), code + 1);
    EXPECT_EQ(encode_float(middle, GetParam(), Overflow::kSpecial), code + code % 2);
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, SmallFloats,
                         ::testing::Values(DataType::kFloat16, DataType::kBfloat16,
                                           DataType::kFloat8E4M3FN, DataType::kFloat8E4M3FNUZ,
                                           DataType::kFloat8E5M2, DataType::kFloat8E5M2FNUZ,
                                           DataType::kFloat4E2M1));

TEST(NumberFormats, OverflowIsSpecialOrSaturates) {
  EXPECT_EQ(
      decode_float(encode_float(1e6, DataType::kFloat16, Overflow::kSpecial), DataType::kFloat16),
      std::numeric_limits<double>::infinity());
  EXPECT_EQ(decode_float(encode_float(-1e6, DataType::kFloat8E4M3FN, Overflow::kSaturate),
                         DataType::kFloat8E4M3FN),
            -448);
  EXPECT_TRUE(std::isnan(decode_float(
      encode_float(1e6, DataType::kFloat8E4M3FN, Overflow::kSpecial), DataType::kFloat8E4M3FN)));
}

TEST(NumberFormats, PowersOfTwoRoundAsAsked) {
  EXPECT_EQ(encode_power(3, PowerRounding::kUp, Overflow::kSaturate), 129u);
  EXPECT_EQ(encode_power(3, PowerRounding::kDown, Overflow::kSaturate), 128u);
  EXPECT_EQ(encode_power(2.9, PowerRounding::kNearest, Overflow::kSaturate), 128u);
}

TEST(NumberFormats, TruncationNeverTraps) {
  EXPECT_EQ(truncate_to_int64(-2.9), -2);
  EXPECT_EQ(truncate_to_int64(1e30), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(truncate_to_int64(NAN), std::numeric_limits<int64_t>::min());
}

}  // namespace
}  // namespace kasuri
