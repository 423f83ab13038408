#include <gtest/gtest.h>

#include "both_ways.h"

namespace kasuri::codegen {
namespace {

using namespace loops;  // NOLINT

Nest one_map(DataType in, DataType out, std::vector<int64_t> extents,
             const std::function<Scalar(Scalar)>& body) {
  Nest nest{.name = "map"};
  const int rank = static_cast<int>(extents.size());
  const int x = nest.add_buffer(make_buffer("x", in, extents, BufferRole::kInput));
  const int y = nest.add_buffer(make_buffer("y", out, extents, BufferRole::kOutput));
  Stage stage{.domain = extents, .out = y, .out_index = identity(rank)};
  stage.body = body(load(x, compute_type(in), identity(rank)));
  nest.stages.push_back(stage);
  return nest;
}

Nest padded(int64_t rows, int64_t columns);

const std::vector<std::vector<int64_t>> kShapes = {{0},     {1},    {5},        {16},      {17},
                                                   {64},    {1000}, {3, 0, 2},  {3, 1, 7}, {7, 13},
                                                   {2, 65}, {4099}, {3, 3, 129}};

TEST(Map, CopiesEveryTypeAndExtent) {
  for (DataType type :
       {DataType::kFloat, DataType::kDouble, DataType::kFloat16, DataType::kBfloat16,
        DataType::kBool, DataType::kInt8, DataType::kUint8, DataType::kInt16, DataType::kUint16,
        DataType::kInt32, DataType::kUint32, DataType::kInt64, DataType::kUint64})
    for (const auto& shape : kShapes)
      expect_same(one_map(type, type, shape, [](Scalar x) { return x; }), {.specials = true});
}

TEST(Map, FloatFunctions) {
  for (UnaryOp op : {UnaryOp::kNeg,        UnaryOp::kAbs,     UnaryOp::kSqrt,  UnaryOp::kRsqrt,
                     UnaryOp::kReciprocal, UnaryOp::kExp,     UnaryOp::kLog,   UnaryOp::kErf,
                     UnaryOp::kTanh,       UnaryOp::kSigmoid, UnaryOp::kSin,   UnaryOp::kCos,
                     UnaryOp::kTan,        UnaryOp::kAsin,    UnaryOp::kAcos,  UnaryOp::kAtan,
                     UnaryOp::kSinh,       UnaryOp::kCosh,    UnaryOp::kAsinh, UnaryOp::kAcosh,
                     UnaryOp::kAtanh,      UnaryOp::kFloor,   UnaryOp::kCeil,  UnaryOp::kRoundEven,
                     UnaryOp::kSign,       UnaryOp::kIsNaN,   UnaryOp::kIsInf, UnaryOp::kSoftplus,
                     UnaryOp::kLog1p,      UnaryOp::kExpm1,   UnaryOp::kTrunc}) {
    SCOPED_TRACE(static_cast<int>(op));
    const bool test = op == UnaryOp::kIsNaN || op == UnaryOp::kIsInf;
    for (DataType type : {DataType::kFloat, DataType::kDouble, DataType::kFloat16})
      for (double range : {1.0, 10.0, 90.0, 1e4})
        expect_same(one_map(type, test ? DataType::kBool : type, {1003},
                            [&](Scalar x) { return unary(op, x); }),
                    {.specials = true, .low = -range, .high = range, .relative = 3e-6});
  }
}

TEST(Map, NarrowVectorsWithoutMasks) {
  for (int bits : {256, 128}) {
    for (DataType type : {DataType::kFloat, DataType::kDouble, DataType::kFloat16,
                          DataType::kBfloat16, DataType::kBool, DataType::kInt8, DataType::kInt64})
      for (const auto& shape : kShapes)
        expect_same(one_map(type, type, shape, [](Scalar x) { return x; }),
                    {.specials = true, .vector_bits = bits});
    for (UnaryOp op : {UnaryOp::kExp, UnaryOp::kLog, UnaryOp::kErf, UnaryOp::kTanh, UnaryOp::kSin,
                       UnaryOp::kExpm1, UnaryOp::kRoundEven, UnaryOp::kSoftplus})
      for (double range : {1.0, 90.0, 1e4})
        expect_same(one_map(DataType::kFloat, DataType::kFloat, {1003},
                            [&](Scalar x) { return unary(op, x); }),
                    {.specials = true,
                     .low = -range,
                     .high = range,
                     .relative = 3e-6,
                     .vector_bits = bits});
    for (int64_t columns : {1, 3, 16, 31}) expect_same(padded(9, columns), {.vector_bits = bits});
  }
}

TEST(Map, IntegerFunctions) {
  for (UnaryOp op : {UnaryOp::kNeg, UnaryOp::kAbs, UnaryOp::kSign, UnaryOp::kBitNot})
    for (DataType type : {DataType::kInt8, DataType::kInt16, DataType::kInt32, DataType::kInt64})
      expect_same(one_map(type, type, {203}, [&](Scalar x) { return unary(op, x); }),
                  {.specials = true, .low = -100, .high = 100});
}

Nest one_binary(BinaryOp op, DataType type, DataType out) {
  Nest nest{.name = "binary"};
  const int x = nest.add_buffer(make_buffer("x", type, {5, 203}, BufferRole::kInput));
  const int y = nest.add_buffer(make_buffer("y", type, {5, 203}, BufferRole::kInput));
  const int z = nest.add_buffer(make_buffer("z", out, {5, 203}, BufferRole::kOutput));
  Stage stage{.domain = {5, 203}, .out = z, .out_index = identity(2)};
  stage.body = binary(op, load(x, compute_type(type), identity(2)),
                      load(y, compute_type(type), identity(2)));
  nest.stages.push_back(stage);
  return nest;
}

TEST(Map, BinaryFloatOperations) {
  for (BinaryOp op :
       {BinaryOp::kAdd, BinaryOp::kSub, BinaryOp::kMul, BinaryOp::kDiv, BinaryOp::kMod,
        BinaryOp::kFmod, BinaryOp::kPow, BinaryOp::kMin, BinaryOp::kMax, BinaryOp::kAtan2}) {
    SCOPED_TRACE(static_cast<int>(op));
    for (DataType type : {DataType::kFloat, DataType::kDouble, DataType::kBfloat16})
      expect_same(one_binary(op, type, type), {.specials = true, .relative = 3e-6});
  }
}

TEST(Map, ConstantPowers) {
  for (double exponent : {2.0, 3.0, 1.0, 0.5, -1.0, -0.5, 0.0})
    expect_same(one_map(DataType::kFloat, DataType::kFloat, {500},
                        [&](Scalar x) {
                          return binary(BinaryOp::kPow, x, literal(DataType::kFloat, exponent));
                        }),
                {.specials = true});
}

TEST(Map, BinaryIntegerOperationsNeverTrap) {
  for (BinaryOp op :
       {BinaryOp::kAdd, BinaryOp::kSub, BinaryOp::kMul, BinaryOp::kDiv, BinaryOp::kMod,
        BinaryOp::kFmod, BinaryOp::kMin, BinaryOp::kMax, BinaryOp::kBitAnd, BinaryOp::kBitOr,
        BinaryOp::kBitXor, BinaryOp::kShiftLeft, BinaryOp::kShiftRight}) {
    SCOPED_TRACE(static_cast<int>(op));
    for (DataType type : {DataType::kInt8, DataType::kUint8, DataType::kInt16, DataType::kInt32,
                          DataType::kUint32, DataType::kInt64, DataType::kUint64})
      expect_same(one_binary(op, type, type), {.specials = true});
  }
}

TEST(Map, IntegerPower) {
  for (DataType type : {DataType::kInt32, DataType::kInt64})
    expect_same(one_binary(BinaryOp::kPow, type, type), {});
}

TEST(Map, Comparisons) {
  for (BinaryOp op : {BinaryOp::kLess, BinaryOp::kLessEqual, BinaryOp::kGreater,
                      BinaryOp::kGreaterEqual, BinaryOp::kEqual, BinaryOp::kNotEqual})
    for (DataType type : {DataType::kFloat, DataType::kDouble, DataType::kInt8, DataType::kUint8,
                          DataType::kInt64, DataType::kUint64})
      expect_same(one_binary(op, type, DataType::kBool), {.specials = true});
  for (BinaryOp op : {BinaryOp::kAnd, BinaryOp::kOr, BinaryOp::kXor})
    expect_same(one_binary(op, DataType::kBool, DataType::kBool));
}

TEST(Map, CastsBetweenAllTypes) {
  const std::vector<DataType> types = {DataType::kFloat,    DataType::kDouble, DataType::kFloat16,
                                       DataType::kBfloat16, DataType::kBool,   DataType::kInt8,
                                       DataType::kUint8,    DataType::kInt16,  DataType::kUint16,
                                       DataType::kInt32,    DataType::kUint32, DataType::kInt64,
                                       DataType::kUint64};
  for (DataType from : types)
    for (DataType to : types)
      expect_same(one_map(from, to, {211}, [&](Scalar x) { return cast(x, to); }),
                  {.specials = true, .low = -300, .high = 300});
}

TEST(Map, BroadcastsAndStrides) {
  Nest nest{.name = "strides"};
  const int a = nest.add_buffer(make_buffer("a", DataType::kFloat, {6, 37}, BufferRole::kInput));
  const int row = nest.add_buffer(make_buffer("row", DataType::kFloat, {37}, BufferRole::kInput));
  Buffer column{.name = "column", .extents = {6, 37}, .strides = {1, 0}};
  const int c = nest.add_buffer(column);
  Buffer turned{.name = "turned", .extents = {6, 37}, .strides = {1, 6}};
  const int t = nest.add_buffer(turned);
  const int y = nest.add_buffer(make_buffer("y", DataType::kFloat, {6, 37}, BufferRole::kOutput));
  Stage stage{.domain = {6, 37}, .out = y, .out_index = identity(2)};
  const auto at = [&](int buffer) { return load(buffer, DataType::kFloat, identity(2)); };
  Scalar sum = binary(BinaryOp::kAdd, at(a), load(row, DataType::kFloat, {variable(1)}));
  sum = binary(BinaryOp::kMul, sum, at(c));
  stage.body = binary(BinaryOp::kSub, sum, at(t));
  nest.stages.push_back(stage);
  expect_same(nest);
  nest.buffers[y].strides = {1, 6};
  expect_same(nest);
}

TEST(Map, ShortStrides) {
  for (int64_t stride : {2, 3, 4, 5})
    for (int64_t columns : {1, 15, 16, 64, 83})
      for (DataType type :
           {DataType::kFloat, DataType::kUint8, DataType::kInt64, DataType::kBfloat16}) {
        Nest nest{.name = "stride"};
        const int64_t wide = (columns - 1) * stride + 1;
        const int x = nest.add_buffer(make_buffer("x", type, {3, wide}, BufferRole::kInput));
        const int y = nest.add_buffer(make_buffer("y", type, {3, columns}, BufferRole::kOutput));
        Stage stage{.domain = {3, columns}, .out = y, .out_index = identity(2)};
        const Index at = mul(variable(1), stride);
        stage.body = load(x, compute_type(type), {variable(0), at});
        nest.stages.push_back(stage);
        expect_same(nest);
        const Index shifted = loops::add(at, -3);
        nest.stages[0].body = select(
            binary(BinaryOp::kGreaterEqual, index_value(shifted), literal_int(DataType::kInt64, 0)),
            load(x, compute_type(type), {variable(0), shifted}), literal(compute_type(type), 1));
        expect_same(nest);
      }
}

/// Upsampling: neighbouring lanes read the same few places, clamped at the border.
TEST(Map, LanesWithinAWindow) {
  for (int64_t size : {1, 2, 5, 16, 40})
    for (int64_t factor : {1, 2, 3, 7})
      for (DataType type : {DataType::kFloat, DataType::kInt32}) {
        Nest nest{.name = "upsample"};
        const int x = nest.add_buffer(make_buffer("x", type, {3, size}, BufferRole::kInput));
        const std::vector<int64_t> out = {3, size * factor};
        const int y = nest.add_buffer(make_buffer("y", type, out, BufferRole::kOutput));
        const Index place = floor_div(loops::add(variable(1), -1), factor);
        const Index low = loops::min(loops::max(place, constant(0)), constant(size - 1));
        const Index high =
            loops::min(loops::max(loops::add(place, 2), constant(0)), constant(size - 1));
        Stage stage{.domain = out, .out = y, .out_index = identity(2)};
        stage.body = binary(BinaryOp::kSub, load(x, type, {variable(0), low}),
                            load(x, type, {variable(0), high}));
        nest.stages.push_back(stage);
        expect_same(nest);
      }
}

TEST(Map, TransposesInTiles) {
  for (int64_t rows : {1, 4, 7, 8, 16, 33, 100})
    for (int64_t columns : {3, 4, 15, 16, 64, 70})
      for (DataType type :
           {DataType::kFloat, DataType::kInt8, DataType::kFloat16, DataType::kInt64}) {
        Nest nest = one_map(type, type, {2, rows, columns}, [](Scalar x) { return x; });
        nest.buffers[0].strides = {rows * columns, 1, rows};
        expect_same(nest, {.threads = 1 + static_cast<int>(rows % 2)});
      }
  Nest large = one_map(DataType::kFloat, DataType::kFloat, {517, 301},
                       [](Scalar x) { return unary(UnaryOp::kTanh, x); });
  large.buffers[0].strides = {1, 517};
  expect_same(large, {.threads = 3});
}

/// Pad by 2 in front and 3 behind: the arm not taken would read outside.
Nest padded(int64_t rows, int64_t columns) {
  Nest nest{.name = "pad"};
  const int x =
      nest.add_buffer(make_buffer("x", DataType::kFloat, {rows, columns}, BufferRole::kInput));
  const int y = nest.add_buffer(
      make_buffer("y", DataType::kFloat, {rows + 5, columns + 5}, BufferRole::kOutput));
  Stage stage{.domain = {rows + 5, columns + 5}, .out = y, .out_index = identity(2)};
  Scalar inside = literal(DataType::kBool, 1);
  std::vector<Index> source;
  for (int axis = 0; axis < 2; ++axis) {
    source.push_back(add(variable(axis), -2));
    const Scalar at = index_value(source[axis]);
    const int64_t extent = axis == 0 ? rows : columns;
    inside = binary(BinaryOp::kAnd, inside,
                    binary(BinaryOp::kGreaterEqual, at, literal_int(DataType::kInt64, 0)));
    inside = binary(BinaryOp::kAnd, inside,
                    binary(BinaryOp::kLess, at, literal_int(DataType::kInt64, extent)));
  }
  stage.body = select(inside, load(x, DataType::kFloat, source), literal(DataType::kFloat, -7));
  nest.stages.push_back(stage);
  return nest;
}

TEST(Map, PaddingNeverReadsOutside) {
  for (int64_t rows : {0, 1, 4, 9})
    for (int64_t columns : {0, 1, 3, 16, 31, 64, 100}) expect_same(padded(rows, columns));
}

TEST(Map, DivisionAndModuloInIndices) {
  Nest nest{.name = "reshape"};
  const int x = nest.add_buffer(make_buffer("x", DataType::kFloat, {12, 35}, BufferRole::kInput));
  const int y = nest.add_buffer(make_buffer("y", DataType::kFloat, {420}, BufferRole::kOutput));
  Stage stage{.domain = {420}, .out = y, .out_index = identity(1)};
  const Index shifted = add(variable(0), -50);
  stage.body =
      load(x, DataType::kFloat, {mod(floor_div(shifted, 35), 12), mod(mul(shifted, 3), 35)});
  nest.stages.push_back(stage);
  expect_same(nest);
}

TEST(Map, Threads) {
  for (const std::vector<int64_t>& shape :
       {std::vector<int64_t>{200003}, {7, 40001}, {40001, 7}, {100, 3, 1000}})
    expect_same(one_map(DataType::kFloat, DataType::kFloat, shape,
                        [](Scalar x) { return unary(UnaryOp::kTanh, x); }),
                {.threads = 3});
}

Nest gather(OutOfRange policy) {
  Nest nest{.name = "gather"};
  const int table =
      nest.add_buffer(make_buffer("table", DataType::kFloat, {5, 33}, BufferRole::kInput));
  const int ids = nest.add_buffer(make_buffer("ids", DataType::kInt64, {40}, BufferRole::kInput));
  const int y = nest.add_buffer(make_buffer("y", DataType::kFloat, {40, 33}, BufferRole::kOutput));
  Stage stage{.domain = {40, 33}, .out = y, .out_index = identity(2)};
  stage.body =
      load(table, DataType::kFloat, {indirect(ids, {variable(0)}, 5, policy), variable(1)});
  nest.stages.push_back(stage);
  return nest;
}

TEST(Map, GatherWrapsAndClamps) {
  expect_same(gather(OutOfRange::kReport), {.low = -5, .high = 5});
  expect_same(gather(OutOfRange::kClamp), {.low = -50, .high = 50});
  Nest nest = gather(OutOfRange::kReport);
  nest.stages[0].body =
      load(0, DataType::kFloat,
           {indirect(1, {variable(0)}, 5, OutOfRange::kReport), mod(variable(1), 7)});
  expect_same(nest, {.low = -5, .high = 5});
}

TEST(Map, GatherReportsABadIndex) {
  for (int bad_at : {0, 17, 39}) {
    const auto compiled = shared_compiler()->compile(gather(OutOfRange::kReport), 1);
    ASSERT_TRUE(compiled.ok());
    std::vector<float> table(165, 1.f), y(40 * 33);
    std::vector<int64_t> ids(40, -5);
    ids[bad_at] = 5;
    std::byte* pointers[] = {reinterpret_cast<std::byte*>(table.data()),
                             reinterpret_cast<std::byte*>(ids.data()),
                             reinterpret_cast<std::byte*>(y.data())};
    const Status status = (*compiled)->run(pointers, nullptr, nullptr);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().text(), "index 5 in 'ids' is out of range: the axis has 5 elements");
  }
}

TEST(Map, ScatterInDomainOrder) {
  for (Stage::Combine combine : {Stage::Combine::kNone, Stage::Combine::kAdd, Stage::Combine::kMul,
                                 Stage::Combine::kMin, Stage::Combine::kMax}) {
    Nest nest{.name = "scatter"};
    const int x = nest.add_buffer(make_buffer("x", DataType::kFloat, {60, 19}, BufferRole::kInput));
    const int ids = nest.add_buffer(make_buffer("ids", DataType::kInt32, {60}, BufferRole::kInput));
    const int y = nest.add_buffer(make_buffer("y", DataType::kFloat, {8, 19}, BufferRole::kOutput));
    Stage stage{.domain = {60, 19}, .out = y, .combine = combine};
    stage.body = load(x, DataType::kFloat, identity(2));
    stage.out_index = {indirect(ids, {variable(0)}, 8, OutOfRange::kReport), variable(1)};
    nest.stages.push_back(stage);
    expect_same(nest, {.threads = 2, .low = -1.2, .high = 1.2});
  }
}

TEST(Map, StagesOfOneDomainShareALoop) {
  Nest nest = one_map(DataType::kFloat, DataType::kFloat16, {1003}, [](Scalar x) { return x; });
  nest.buffers[1].role = BufferRole::kLocal;
  const int z = nest.add_buffer(make_buffer("z", DataType::kFloat, {1003}, BufferRole::kOutput));
  Stage stage{.domain = {1003}, .out = z, .out_index = identity(1)};
  const Scalar rounded = load(1, DataType::kFloat, identity(1));
  stage.body = binary(BinaryOp::kSub, load(0, DataType::kFloat, identity(1)), rounded);
  nest.stages.push_back(stage);
  expect_same(nest, {.relative = 0, .absolute = 0});
  const auto compiled = shared_compiler()->compile(nest, 1);
  ASSERT_TRUE(compiled.ok());
  EXPECT_EQ((*compiled)->schedule().phases.size(), 1u);
  EXPECT_EQ((*compiled)->workspace_bytes(1), 0);
}

}  // namespace
}  // namespace kasuri::codegen
