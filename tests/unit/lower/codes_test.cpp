#include "tests/unit/lower/lowering_fixture.h"

// Operators that read and write 8-bit codes.
namespace kasuri::lower {
namespace {

Operand codes(std::vector<int64_t> extents, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<uint8_t> values(static_cast<size_t>(*element_count(extents)));
  for (uint8_t& v : values) v = static_cast<uint8_t>(random());
  return {Tensor::of<uint8_t>(std::move(extents), values)};
}
Operand scale(float value) { return {Tensor::scalar(value), true}; }
Operand zero(uint8_t value) { return {Tensor::scalar(value), true}; }

void expect_contrib(const std::string& op, std::vector<Operand> inputs,
                    std::map<std::string, Attribute> attributes = {}) {
  expect_like_reference({op, std::move(inputs), std::move(attributes), 17, 1, "com.microsoft"});
}

TEST(LoweringOfCodes, Elementwise) {
  for (const char* op : {"QLinearAdd", "QLinearMul"})
    expect_contrib(op, {codes({2, 5, 7}, 1), scale(0.0213f), zero(120), codes({5, 1}, 2),
                        scale(0.0371f), zero(3), scale(0.0457f), zero(90)});
  for (const char* op : {"QLinearSigmoid", "QLinearLeakyRelu"})
    expect_contrib(op, {codes({3, 50}, 1), scale(0.0213f), zero(120), scale(0.0071f), zero(9)});
}

TEST(LoweringOfCodes, ConcatCopiesEqualCodesAndConvertsOthers) {
  expect_contrib("QLinearConcat",
                 {scale(0.05f), zero(100), codes({1, 3, 4}, 1), scale(0.05f), zero(100),
                  codes({1, 2, 4}, 2), scale(0.0313f), zero(7)},
                 {{"axis", int64_t{1}}});
}

TEST(LoweringOfCodes, GlobalAveragePool) {
  for (int64_t last : {0, 1})
    expect_contrib("QLinearGlobalAveragePool",
                   {codes({2, 5, 6, 7}, 1), scale(0.0213f), zero(12), scale(0.0171f), zero(30)},
                   {{"channels_last", last}});
}

TEST(LoweringOfCodes, DynamicQuantisation) {
  expect_like_reference({"DynamicQuantizeLinear", {data({4, 33})}, {}, 17, 3});
  expect_like_reference({"DynamicQuantizeLinear", {positive({4, 33})}, {}, 17, 3});
  expect_like_reference(
      {"DynamicQuantizeLinear", {{Tensor::of<float>({3}, {0, 0, 0})}}, {}, 17, 3});
}

TEST(LoweringOfCodes, IntegerProducts) {
  const Operand rows{Tensor::of<uint8_t>({4}, {3, 90, 128, 255})};
  expect_like_reference({"MatMulInteger", {codes({2, 4, 70}, 1), codes({70, 5}, 2)}});
  expect_like_reference(
      {"MatMulInteger", {codes({4, 70}, 1), codes({70, 5}, 2), zero(7), zero(200)}});
  expect_like_reference({"MatMulInteger", {codes({4, 70}, 1), codes({70, 5}, 2), rows}});
}

}  // namespace
}  // namespace kasuri::lower
