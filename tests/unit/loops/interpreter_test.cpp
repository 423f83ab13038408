#include "engine/loops/interpreter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>

#include "engine/base/check.h"
#include "engine/loops/arithmetic.h"
#include "tests/support/run_nest.h"

namespace kasuri::loops {
namespace {

using Floats = std::vector<float>;

float number_of(UnaryOp op, double x) {
  return static_cast<float>(unary(op, literal(DataType::kFloat, x))->number);
}
float number_of(BinaryOp op, double x, double y) {
  return static_cast<float>(
      binary(op, literal(DataType::kFloat, x), literal(DataType::kFloat, y))->number);
}
int64_t integer_of(BinaryOp op, DataType type, int64_t x, int64_t y) {
  return binary(op, literal_int(type, x), literal_int(type, y))->integer;
}
int64_t cast_to(DataType type, double x) {
  const Scalar s = cast(literal(DataType::kFloat, x), type);
  return type == DataType::kBool ? static_cast<int64_t>(s->number) : s->integer;
}

TEST(Arithmetic, IntegerDivisionNeverTraps) {
  for (const DataType type : {DataType::kInt8, DataType::kInt32, DataType::kInt64}) {
    const int64_t low = type == DataType::kInt64   ? INT64_MIN
                        : type == DataType::kInt32 ? INT32_MIN
                                                   : INT8_MIN;
    EXPECT_EQ(0, integer_of(BinaryOp::kDiv, type, 5, 0));
    EXPECT_EQ(low, integer_of(BinaryOp::kDiv, type, low, -1));
    EXPECT_EQ(0, integer_of(BinaryOp::kMod, type, low, -1));
    EXPECT_EQ(0, integer_of(BinaryOp::kFmod, type, 5, 0));
    EXPECT_EQ(-2, integer_of(BinaryOp::kDiv, type, -7, 3));
    EXPECT_EQ(2, integer_of(BinaryOp::kMod, type, -7, 3));
    EXPECT_EQ(-2, integer_of(BinaryOp::kMod, type, 7, -3));
    EXPECT_EQ(-1, integer_of(BinaryOp::kFmod, type, -7, 3));
  }
  EXPECT_EQ(-1, integer_of(BinaryOp::kDiv, DataType::kUint64, -1, 1)) << "2^64-1 by its bits";
  EXPECT_EQ(0, binary(BinaryOp::kLess, literal_int(DataType::kUint64, -1),
                      literal_int(DataType::kUint64, 1))
                   ->number);
}

TEST(Arithmetic, IntegersWrapToTheirWidth) {
  EXPECT_EQ(-128, integer_of(BinaryOp::kAdd, DataType::kInt8, 127, 1));
  EXPECT_EQ(0, integer_of(BinaryOp::kAdd, DataType::kUint8, 255, 1));
  EXPECT_EQ(255, integer_of(BinaryOp::kSub, DataType::kUint8, 0, 1));
  EXPECT_EQ(0, integer_of(BinaryOp::kShiftLeft, DataType::kUint8, 1, 8));
  EXPECT_EQ(-27, integer_of(BinaryOp::kPow, DataType::kInt32, -3, 3));
  EXPECT_EQ(0, integer_of(BinaryOp::kPow, DataType::kInt32, 2, -1));
}

TEST(Arithmetic, NotANumberGoesThrough) {
  EXPECT_TRUE(std::isnan(number_of(BinaryOp::kMax, NAN, 1)));
  EXPECT_TRUE(std::isnan(number_of(BinaryOp::kMin, 1, NAN)));
  EXPECT_TRUE(std::isnan(number_of(UnaryOp::kSoftplus, NAN)));
  EXPECT_TRUE(std::isnan(number_of(UnaryOp::kSign, NAN)));
  EXPECT_EQ(INFINITY, number_of(UnaryOp::kSoftplus, INFINITY));
  EXPECT_EQ(0, number_of(UnaryOp::kSoftplus, -INFINITY));
  EXPECT_EQ(2, number_of(UnaryOp::kRoundEven, 2.5));
  EXPECT_EQ(1, number_of(BinaryOp::kMod, -2, 3));
  EXPECT_EQ(-2, number_of(BinaryOp::kFmod, -2, 3));
}

TEST(Arithmetic, CastsTruncateAndSaturate) {
  EXPECT_EQ(-3, cast_to(DataType::kInt32, -3.7));
  EXPECT_EQ(127, cast_to(DataType::kInt8, 300));
  EXPECT_EQ(-128, cast_to(DataType::kInt8, -INFINITY));
  EXPECT_EQ(0, cast_to(DataType::kUint8, -1));
  EXPECT_EQ(0, cast_to(DataType::kInt64, NAN));
  EXPECT_EQ(INT64_MAX, cast_to(DataType::kInt64, 1e30));
  EXPECT_EQ(1, cast_to(DataType::kBool, NAN));
  EXPECT_EQ(1, cast_to(DataType::kBool, 0.5));
}

TEST(Arithmetic, HalvesRoundToNearestEven) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = half_to_float(static_cast<uint16_t>(bits));
    ASSERT_TRUE(std::isnan(value) || float_to_half(value) == bits) << bits;
  }
  EXPECT_EQ(0x3c00, float_to_half(1.0f + 0x1p-11f)) << "a tie goes to the even neighbour";
  EXPECT_EQ(0x3c02, float_to_half(1.0f + 3 * 0x1p-11f));
  EXPECT_EQ(0x7c00, float_to_half(65520.0f));
  EXPECT_EQ(0x7bff, float_to_half(65519.0f));
  EXPECT_EQ(1, float_to_half(0x1p-24f));
  EXPECT_EQ(0x3f80, float_to_bfloat(1.0f + 0x1p-9f));
  EXPECT_TRUE(std::isnan(bfloat_to_float(float_to_bfloat(NAN))));
}

TEST(Folding, KeepsNegativeZeroAndNaN) {
  const Scalar x = load(0, DataType::kFloat, {});
  const auto number = [](double v) { return literal(DataType::kFloat, v); };
  EXPECT_EQ(ScalarKind::kBinary, binary(BinaryOp::kAdd, x, number(0))->kind) << "-0 + 0 is +0";
  EXPECT_TRUE(equal(x, binary(BinaryOp::kSub, x, number(0))));
  EXPECT_TRUE(equal(x, binary(BinaryOp::kMul, x, number(1))));
  EXPECT_EQ(ScalarKind::kBinary, binary(BinaryOp::kMul, x, number(0))->kind) << "NaN * 0 is NaN";
  EXPECT_FALSE(equal(number(0), number(-0.0)));
}

TEST(Interpreter, ReducesInEveryWay) {
  const Floats x = {1, 5, 2, 5, -3, 4};
  const auto reduced = [&](ReduceOp op) {
    NestBuilder b("reduce");
    const int in = b.input({2, 3}), out = b.output({2});
    b.reduce(out, {2, 3}, 1, op, b.here(in), {variable(0)});
    return run_floats(b.nest(), {x});
  };
  EXPECT_EQ((Floats{8, 6}), reduced(ReduceOp::kSum));
  EXPECT_EQ((Floats{5, 5}), reduced(ReduceOp::kMax));
  EXPECT_EQ((Floats{1, -3}), reduced(ReduceOp::kMin));
  EXPECT_EQ((Floats{10, -60}), reduced(ReduceOp::kProd));
  EXPECT_EQ((Floats{1, 0}), reduced(ReduceOp::kArgMax)) << "stored as float";
  EXPECT_EQ((Floats{0, 1}), reduced(ReduceOp::kArgMin));
}

TEST(Interpreter, ArgMaxTakesTheFirstOfEqualsAndOfNaNs) {
  NestBuilder b("arg");
  const int in = b.input({2, 4}), out = b.output({2});
  b.reduce(out, {2, 4}, 1, ReduceOp::kArgMax, b.here(in), {variable(0)});
  EXPECT_EQ((Floats{1, 2}), run_floats(b.nest(), {{1, 7, 7, 0, 1, 7, NAN, NAN}}));
}

TEST(Interpreter, ReducingNothingGivesTheNeutralElement) {
  for (const auto& [op, neutral] :
       std::vector<std::pair<ReduceOp, float>>{{ReduceOp::kSum, 0},
                                               {ReduceOp::kProd, 1},
                                               {ReduceOp::kMax, -INFINITY},
                                               {ReduceOp::kMin, INFINITY}}) {
    NestBuilder b("empty");
    const int in = b.input({2, 0}), out = b.output({2});
    b.reduce(out, {2, 0}, 1, op, b.here(in), {variable(0)});
    EXPECT_EQ((Floats{neutral, neutral}), run_floats(b.nest(), {{}}));
  }
}

TEST(Interpreter, WelfordGivesMeanAndPopulationVariance) {
  NestBuilder b("welford");
  const int in = b.input({1, 4}), mean = b.local({1}), variance = b.local({1}), out = b.output({2});
  b.reduce(mean, {1, 4}, 1, ReduceOp::kWelford, b.here(in), {variable(0)}).out2 = variance;
  b.map(out, {1}, b.here(mean), {constant(0)});
  b.map(out, {1}, b.here(variance), {constant(1)});
  EXPECT_EQ((Floats{2.5f, 1.25f}), run_floats(b.nest(), {{1, 2, 3, 4}}));
  EXPECT_EQ((Floats{2.5f, 1.25f}), run_floats(fuse(b.nest()), {{1, 2, 3, 4}}));
}

TEST(Interpreter, ScansForwardsBackwardsAndExclusively) {
  const auto scanned = [](bool exclusive, bool reverse) {
    NestBuilder b("scan");
    const int in = b.input({3}), out = b.output({3});
    Stage& s = b.map(out, {3}, b.here(in), identity(1));
    s.kind = StageKind::kScan;
    s.exclusive = exclusive;
    s.reverse = reverse;
    return run_floats(b.nest(), {{1, 2, 4}});
  };
  EXPECT_EQ((Floats{1, 3, 7}), scanned(false, false));
  EXPECT_EQ((Floats{0, 1, 3}), scanned(true, false));
  EXPECT_EQ((Floats{7, 6, 4}), scanned(false, true));
  EXPECT_EQ((Floats{6, 4, 0}), scanned(true, true));
}

Nest gather(OutOfRange policy) {
  NestBuilder b("gather");
  const int in = b.input({3}), at = b.input({2}), wide = b.local({2}, DataType::kInt64);
  const int out = b.output({2});
  b.map(wide, b.here(at));
  b.map(out, b.at(in, {indirect(wide, {variable(0)}, 3, policy)}));
  return b.nest();
}

TEST(Interpreter, IndirectIndicesWrapClampAndReport) {
  EXPECT_EQ((Floats{30, 20}), run_floats(gather(OutOfRange::kReport), {{10, 20, 30}, {-1, 1}}));
  EXPECT_EQ((Floats{10, 30}), run_floats(gather(OutOfRange::kClamp), {{10, 20, 30}, {-9, 9}}));
  Nest nest = gather(OutOfRange::kReport);
  std::vector<std::vector<std::byte>> memory(4);
  for (const size_t b : {0, 1, 3}) memory[b].resize(16);
  const float nine = 9;
  std::memcpy(memory[1].data(), &nine, 4);
  const Status status = interpret(nest, {memory.begin(), memory.end()});
  ASSERT_FALSE(status.ok());
  EXPECT_NE(std::string::npos, status.error().text().find("index 9 is out of range"));
}

TEST(Interpreter, ScatterCombinesInOrder) {
  const auto scattered = [](Stage::Combine combine) {
    NestBuilder b("scatter");
    const int at = b.input({3}), x = b.input({3}), wide = b.local({3}, DataType::kInt32);
    const int out = b.output({2});
    b.map(wide, b.here(at));
    b.map(out, literal(DataType::kFloat, 1));
    b.map(out, {3}, b.here(x), {indirect(wide, {variable(0)}, 2, OutOfRange::kReport)}).combine =
        combine;
    EXPECT_EQ(run_nest(b.nest(), 3), run_nest(fuse(b.nest()), 3));
    return run_floats(b.nest(), {{0, 0, 1}, {5, 3, -2}});
  };
  EXPECT_EQ((Floats{3, -2}), scattered(Stage::Combine::kNone)) << "the last writer wins";
  EXPECT_EQ((Floats{9, -1}), scattered(Stage::Combine::kAdd));
  EXPECT_EQ((Floats{15, -2}), scattered(Stage::Combine::kMul));
  EXPECT_EQ((Floats{1, -2}), scattered(Stage::Combine::kMin));
  EXPECT_EQ((Floats{5, 1}), scattered(Stage::Combine::kMax));
}

TEST(Interpreter, AccessOutsideIsAnInternalError) {
  NestBuilder b("outside");
  const int in = b.input({3}), out = b.output({3});
  b.map(out, b.at(in, {add(variable(0), 1)}));
  EXPECT_THROW(run_nest(b.nest(), 0), InternalError);
}

TEST(Interpreter, ArmNotTakenIsNotRead) {
  NestBuilder b("guarded");
  const int in = b.input({3}), out = b.output({4});
  const Scalar inside =
      binary(BinaryOp::kLess, index_value(variable(0)), literal_int(DataType::kInt64, 3));
  b.map(out, select(inside, b.at(in, {variable(0)}), literal(DataType::kFloat, 9)));
  EXPECT_EQ((Floats{1, 2, 3, 9}), run_floats(b.nest(), {{1, 2, 3}}));
}

TEST(Interpreter, ContractionAccumulatesInItsType) {
  NestBuilder b("integers");
  const int x = b.input({1, 2}, DataType::kUint8), y = b.output({1, 1}, DataType::kInt32);
  Stage s;
  s.kind = StageKind::kContraction;
  s.domain = {1, 1, 2};
  s.a = binary(BinaryOp::kMax, b.at(x, {variable(0), variable(2)}),
               literal_int(DataType::kUint8, 255));
  s.b = s.a;
  s.accumulate = Accumulate::kI32;
  s.epilogue = load(kAccumulator, DataType::kInt32, {});
  s.out = y;
  s.out_index = identity(2);
  b.nest().stages.push_back(s);
  const Outcome outcome = run_nest(b.nest(), 0);
  int32_t found = 0;
  std::memcpy(&found, outcome.outputs[0].data(), 4);
  EXPECT_EQ(2 * 255 * 255, found);
}

TEST(Verify, RefusesWhatDoesNotFit) {
  const auto broken = [](const std::function<void(NestBuilder&, int, int)>& breaks) {
    NestBuilder b("broken");
    const int in = b.input({3}), out = b.output({3});
    b.map(out, b.here(in));
    breaks(b, in, out);
    return verify(b.nest()).ok();
  };
  EXPECT_TRUE(broken([](NestBuilder&, int, int) {}));
  EXPECT_FALSE(broken([](NestBuilder& b, int in, int) { b.nest().stages[0].out = in; }));
  EXPECT_FALSE(broken([](NestBuilder& b, int, int) { b.nest().stages[0].out = 7; }));
  EXPECT_FALSE(broken([](NestBuilder& b, int, int) { b.nest().outer_rank = 2; }));
  EXPECT_FALSE(broken([](NestBuilder& b, int, int) { b.nest().stages[0].domain = {-1}; }));
  EXPECT_FALSE(broken([](NestBuilder& b, int, int) { b.nest().stages[0].domain = {}; }));
  EXPECT_FALSE(broken([](NestBuilder& b, int, int) { b.nest().stages[0].out_index = {}; }));
  EXPECT_FALSE(broken([](NestBuilder& b, int, int) { b.nest().stages[0].body = nullptr; }));
  EXPECT_FALSE(broken([](NestBuilder& b, int in, int) {
    b.nest().stages[0].body = load(in, DataType::kDouble, {variable(0)});
  }));
  EXPECT_FALSE(broken([](NestBuilder& b, int, int) {
    b.nest().stages[0].body = load(kAccumulator, DataType::kFloat, {});
  }));
}

}  // namespace
}  // namespace kasuri::loops
