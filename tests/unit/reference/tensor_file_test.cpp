#include "engine/onnx/tensor_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>

#include "engine/onnx/inflate.h"
#include "engine/onnx/seeded_values.h"
#include "tests/support/value_comparison.h"

namespace kasuri {
namespace {

using ::testing::HasSubstr;

std::string scratch(const std::string& name) {
  return std::filesystem::temp_directory_path() / fmt::format("kasuri_{}_{}", ::getpid(), name);
}

void expect_round_trip(const std::string& file, const RuntimeValue& value, const ValueType& type) {
  const std::string path = scratch(file);
  const Status written = write_value_file(path, "x", value);
  ASSERT_TRUE(written.ok()) << written.error().text();
  const auto back = path.ends_with(".npy")
                        ? Result<RuntimeValue>(RuntimeValue(*read_tensor_file(path)))
                        : read_value_file(path, type);
  std::filesystem::remove(path);
  ASSERT_TRUE(back.ok()) << back.error().text();
  EXPECT_EQ(testing::difference(*back, value, {0, 0}), std::nullopt);
  EXPECT_EQ(back->is_optional, value.is_optional);
}

const ValueType kTensor = ValueType::tensor(DataType::kFloat);

TEST(TensorFile, TensorsComeBack) {
  const Tensor floats = Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  expect_round_trip("floats.pb", floats, kTensor);
  expect_round_trip("floats.npy", floats, kTensor);
  expect_round_trip("scalar.npy", Tensor::scalar<int64_t>(-5), kTensor);
  expect_round_trip("empty.npy", Tensor::of<float>({0, 3}, {}), kTensor);
  expect_round_trip("strings.pb", Tensor::strings({2}, {"a", "bé"}), kTensor);
}

TEST(TensorFile, SequencesAndOptionalsComeBack) {
  const RuntimeValue items =
      RuntimeValue::sequence({Tensor::scalar<float>(1), Tensor::of<float>({2}, {2, 3})});
  expect_round_trip("sequence.pb", items, ValueType::sequence(kTensor));
  RuntimeValue some = items, none, one = Tensor::scalar<float>(4);
  some.is_optional = none.is_optional = one.is_optional = true;
  expect_round_trip("some.pb", some, ValueType::optional(ValueType::sequence(kTensor)));
  expect_round_trip("one.pb", one, ValueType::optional(kTensor));
  expect_round_trip("none.pb", none, ValueType::optional(kTensor));
}

TEST(TensorFile, DamagedFilesAreErrors) {
  const std::string npy = *npy_bytes(Tensor::of<float>({4}, {1, 2, 3, 4}));
  for (size_t size = 0; size < npy.size(); ++size)
    EXPECT_FALSE(parse_npy(std::as_bytes(std::span(npy.data(), size))).ok()) << size;
  EXPECT_THAT(npy_bytes(Tensor::strings({1}, {"a"})).error().text(), HasSubstr("no .npy form"));
  const std::string junk = "\x07\xff\x13";
  EXPECT_FALSE(inflate(std::as_bytes(std::span(junk)), 10).ok());
}

std::string inflated(std::string_view packed, size_t size) {
  const auto text = inflate(std::as_bytes(std::span(packed.data(), packed.size())), size);
  return text.ok() ? *text : text.error().text();
}

TEST(Inflate, ReadsStoredFixedAndDynamicBlocks) {
  EXPECT_EQ(inflated({"\x01\x03\x00\xfc\xff"
                      "abc",
                      8},
                     3),
            "abc");
  EXPECT_EQ(inflated({"\x4b\x4c\x4a\x4e\x49\x4d\x4b\x44\x22\x01", 10}, 18), "abcdefabcdefabcdef");
  std::string letters;
  for (int i = 0; i < 60; ++i)
    letters.append(static_cast<size_t>(i % 5 + 1), static_cast<char>('a' + i * i % 7));
  EXPECT_EQ(inflated({"\xad\x8d\xc1\x0d\x00\x20\x0c\x02\x67\xe5\x0c\xfb\xaf\xa0\x25\xca\x04\xf2\x68"
                      "\x02\x3d\x82"
                      "\xc0\xf6\x7a\x32\x48\x82\xa4\xc9\xcf\x1d\xab\x11\x25\xf3\x25\xa4\xdb\x0f\xa9"
                      "\xdb\xc7\x05"
                      "\x63\xf5\x6f\x68\x03",
                      49},
                     letters.size()),
            letters);
  EXPECT_THAT(inflated({"\x4b\x4c\x4a\x4e", 4}, 18), HasSubstr("damaged"));
}

TEST(SeededValues, FollowTheRuleOfTheVectors) {
  const SeededStream stream("input");
  const auto uniform =
      seeded_tensor("input", DataType::kFloat, {2}, {SeededRule::Kind::kUniform, -1, 1});
  EXPECT_EQ(uniform->data<float>()[1], stream.unit(1) * 2 - 1);
  const auto modulo =
      seeded_tensor("input", DataType::kInt64, {3}, {SeededRule::Kind::kModulo, 0, 0, 7, 100});
  EXPECT_EQ(modulo->data<int64_t>()[2], static_cast<int64_t>((stream.at(2) >> 32) % 7) + 100);
  const auto ramp =
      seeded_tensor("input", DataType::kInt32, {2, 2}, {SeededRule::Kind::kArangeLast});
  EXPECT_EQ(ramp->data<int32_t>()[3], 1);
  EXPECT_FALSE(seeded_tensor("input", DataType::kString, {1}).ok());
}

}  // namespace
}  // namespace kasuri
