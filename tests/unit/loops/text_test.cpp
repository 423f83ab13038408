#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/random_nest.h"
#include "tests/support/run_nest.h"
#include "tests/support/sample_nests.h"

namespace kasuri::loops {
namespace {

void expect_round_trip(const Nest& nest) {
  const std::string text = print(nest);
  const auto back = parse(text);
  ASSERT_TRUE(back.ok()) << back.error().text() << "\n" << text;
  EXPECT_EQ(text, print(*back));
  EXPECT_EQ(fingerprint_of(nest), fingerprint_of(*back));
}

TEST(Text, SamplesAndTheirFusedFormsReadBack) {
  for (const Nest& nest : {bias_gelu(5, 7), masked_softmax(2, 3, 5), layer_norm_decomposed(2, 3, 8),
                           attention_operand(2, 3, 4, 5), linear_relu(4, 6, 5),
                           concat_relu(3, 4, 5), im2col(2, 5, 3)}) {
    expect_round_trip(nest);
    expect_round_trip(fuse(nest));
  }
}

TEST(Text, RandomNestsReadBack) {
  for (uint64_t seed = 0; seed < 60; ++seed) expect_round_trip(random_nest(seed));
}

TEST(Text, SharedExpressionsAreNamedOnce) {
  const std::string text = print(fuse(bias_gelu(5, 7)));
  EXPECT_NE(std::string::npos, text.find("t0 = (b0[i0, i1] + b1[i1])")) << text;
}

TEST(Text, OddNumbersReadBack) {
  NestBuilder b("numbers \"and\" \\names");
  const int y = b.output({2}), z = b.output({2}, DataType::kInt64),
            p = b.output({2}, DataType::kBool);
  Scalar sum = literal(DataType::kFloat, -0.0);
  for (const double x : {1e-42, 3.4e38, HUGE_VAL, -HUGE_VAL, std::nan(""), 1e-7, 0.1})
    sum = select(load(p, DataType::kBool, {variable(0)}), sum, literal(DataType::kFloat, x));
  b.map(p, literal(DataType::kBool, 1));
  b.map(y, sum);
  b.map(z,
        binary(BinaryOp::kAdd, index_value(variable(0)), literal_int(DataType::kInt64, INT64_MIN)));
  expect_round_trip(b.nest());
}

TEST(Text, BadTextIsAnErrorWithItsLine) {
  const std::string good = print(bias_gelu(2, 3));
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"map [2, 3]", "map [2, 3"},
                                                        {"i1", "i9"},
                                                        {"b0 input", "b7 input"},
                                                        {"float32 [2, 3]", "float33 [2, 3]"},
                                                        {"erf", "foo"},
                                                        {"outer 0", "outer 9"},
                                                        {"[2, 3]", "[-2, 3]"},
                                                        {"nest", "net"}}) {
    std::string bad = good;
    bad.replace(bad.find(from), from.size(), to);
    EXPECT_FALSE(parse(bad).ok()) << bad;
  }
  const auto broken =
      parse("nest \"x\" outer 0\nb0 output float32 [1] \"y\"\nmap [1]\n  b0[i0] = oops(1.float32)");
  ASSERT_FALSE(broken.ok());
  EXPECT_NE(std::string::npos, broken.error().text().find("line 4")) << broken.error().text();
}

TEST(Text, EveryPrefixAndManyCorruptionsAreHandled) {
  const std::string good = print(fuse(masked_softmax(2, 2, 3)));
  for (size_t n = 0; n < good.size(); n += 3) (void)parse(good.substr(0, n)).ok();
  Random random(1);
  for (int k = 0; k < 2000; ++k) {
    std::string bad = good;
    bad[draw(random, 0, static_cast<int64_t>(bad.size()) - 1)] =
        "0123456789bitd[](){},.+-*/\" \n<>="[draw(random, 0, 31)];
    const auto nest = parse(bad);
    EXPECT_TRUE(!nest.ok() || verify(*nest).ok());
  }
}

}  // namespace
}  // namespace kasuri::loops
