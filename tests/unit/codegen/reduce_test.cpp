#include <gtest/gtest.h>

#include "both_ways.h"

namespace kasuri::codegen {
namespace {

using namespace loops;  // NOLINT

/// Reduces the last `reduce_rank` axes of a row-major input, or of one with its axes reversed.
Nest reduction(ReduceOp op, DataType type, std::vector<int64_t> extents, int reduce_rank,
               bool strided = false) {
  Nest nest{.name = "reduce"};
  const int rank = static_cast<int>(extents.size());
  Buffer in = make_buffer("x", type, extents, BufferRole::kInput);
  if (strided) {
    int64_t stride = 1;
    for (int axis = 0; axis < rank; stride *= extents[axis++]) in.strides[axis] = stride;
  }
  const int x = nest.add_buffer(in);
  const bool position = op == ReduceOp::kArgMax || op == ReduceOp::kArgMin;
  const bool logical = op == ReduceOp::kAny || op == ReduceOp::kAll;
  const std::vector<int64_t> kept(extents.begin(), extents.end() - reduce_rank);
  const DataType out = position ? DataType::kInt64 : logical ? DataType::kBool : type;
  const int y = nest.add_buffer(make_buffer("y", out, kept, BufferRole::kOutput));
  Stage stage{.kind = StageKind::kReduce,
              .domain = extents,
              .reduce_rank = reduce_rank,
              .op = op,
              .out = y,
              .out_index = identity(rank - reduce_rank)};
  stage.body = load(x, compute_type(type), identity(rank));
  if (logical) stage.body = cast(stage.body, DataType::kBool);
  if (op == ReduceOp::kWelford)
    stage.out2 = nest.add_buffer(make_buffer("variance", type, kept, BufferRole::kOutput));
  nest.stages.push_back(stage);
  return nest;
}

struct Case {
  std::vector<int64_t> extents;
  int reduce_rank;
};
const std::vector<Case> kCases = {{{1}, 1},        {{7}, 1},        {{16}, 1},
                                  {{1000}, 1},     {{3, 65}, 1},    {{40, 5}, 1},
                                  {{5, 3, 7}, 2},  {{67, 4, 3}, 2}, {{2, 129, 3}, 1},
                                  {{4, 1, 33}, 1}, {{3, 1, 1}, 2},  {{0, 5}, 1}};

TEST(Reduce, EveryOperationAlongAndAcrossLanes) {
  for (ReduceOp op :
       {ReduceOp::kSum, ReduceOp::kMax, ReduceOp::kMin, ReduceOp::kProd, ReduceOp::kArgMax,
        ReduceOp::kArgMin, ReduceOp::kAny, ReduceOp::kAll, ReduceOp::kWelford}) {
    SCOPED_TRACE(static_cast<int>(op));
    for (const Case& one : kCases)
      for (bool strided : {false, true})
        expect_same(reduction(op, DataType::kFloat, one.extents, one.reduce_rank, strided),
                    {.low = -1.5, .high = 1.5, .relative = 1e-5, .absolute = 2e-5});
  }
}

TEST(Reduce, NarrowVectorsWithoutMasks) {
  for (int bits : {256, 128})
    for (ReduceOp op :
         {ReduceOp::kSum, ReduceOp::kMax, ReduceOp::kArgMin, ReduceOp::kAll, ReduceOp::kWelford})
      for (const Case& one : kCases)
        for (bool strided : {false, true})
          for (DataType type : {DataType::kFloat, DataType::kInt32}) {
            if (op == ReduceOp::kWelford && type != DataType::kFloat) continue;
            expect_same(
                reduction(op, type, one.extents, one.reduce_rank, strided),
                {.low = -3, .high = 3, .relative = 1e-5, .absolute = 3e-5, .vector_bits = bits});
          }
}

TEST(Reduce, SpecialValues) {
  for (ReduceOp op : {ReduceOp::kMax, ReduceOp::kMin, ReduceOp::kArgMax, ReduceOp::kArgMin})
    for (unsigned seed = 0; seed < 8; ++seed)
      for (bool strided : {false, true})
        for (DataType type : {DataType::kFloat, DataType::kDouble, DataType::kBfloat16})
          expect_same(reduction(op, type, {21, 37}, 1, strided), {.specials = true, .seed = seed});
}

TEST(Reduce, IntegersAndTies) {
  for (ReduceOp op : {ReduceOp::kSum, ReduceOp::kMax, ReduceOp::kMin, ReduceOp::kProd,
                      ReduceOp::kArgMax, ReduceOp::kArgMin})
    for (DataType type :
         {DataType::kInt8, DataType::kUint8, DataType::kInt32, DataType::kInt64, DataType::kUint64})
      for (bool strided : {false, true})
        expect_same(reduction(op, type, {19, 70}, 1, strided), {.low = -3, .high = 3});
}

TEST(Reduce, EmptyAxisGivesTheNeutralElement) {
  for (ReduceOp op : {ReduceOp::kSum, ReduceOp::kMax, ReduceOp::kMin, ReduceOp::kProd,
                      ReduceOp::kAny, ReduceOp::kAll})
    for (DataType type : {DataType::kFloat, DataType::kInt32})
      expect_same(reduction(op, type, {5, 0}, 1));
}

TEST(Reduce, OtherTypes) {
  for (ReduceOp op : {ReduceOp::kSum, ReduceOp::kWelford})
    for (DataType type : {DataType::kDouble, DataType::kFloat16, DataType::kBfloat16})
      expect_same(reduction(op, type, {9, 70}, 1),
                  {.low = -1, .high = 1, .relative = 1e-2, .absolute = 1e-2});
}

TEST(Reduce, Threads) {
  expect_same(reduction(ReduceOp::kSum, DataType::kFloat, {300, 700}, 1),
              {.threads = 3, .relative = 1e-5, .absolute = 1e-4});
  expect_same(reduction(ReduceOp::kSum, DataType::kFloat, {1700, 300}, 1, true),
              {.threads = 3, .relative = 1e-5, .absolute = 1e-4});
}

Nest scan(ReduceOp op, DataType type, bool exclusive, bool reverse, bool strided) {
  Nest nest{.name = "scan"};
  const std::vector<int64_t> extents = {3, 21, 18};
  Buffer in = make_buffer("x", type, extents, BufferRole::kInput);
  if (strided) in.strides = {21 * 18, 1, 21};
  const int x = nest.add_buffer(in);
  const int y = nest.add_buffer(make_buffer("y", type, extents, BufferRole::kOutput));
  if (strided) nest.buffers[y].strides = in.strides;
  Stage stage{.kind = StageKind::kScan,
              .domain = extents,
              .op = op,
              .exclusive = exclusive,
              .reverse = reverse,
              .out = y,
              .out_index = identity(3)};
  stage.body = load(x, compute_type(type), identity(3));
  nest.stages.push_back(stage);
  return nest;
}

TEST(Scan, SumsAndProductsBothWays) {
  for (ReduceOp op : {ReduceOp::kSum, ReduceOp::kProd})
    for (DataType type : {DataType::kFloat, DataType::kInt64, DataType::kDouble})
      for (int mode = 0; mode < 8; ++mode)
        expect_same(scan(op, type, mode & 1, mode & 2, mode & 4),
                    {.low = -1.3, .high = 1.3, .relative = 1e-5, .absolute = 1e-5});
}

Nest contraction(Accumulate accumulate, DataType in, DataType out, bool transposed) {
  const std::vector<int64_t> domain = {2, 7, 37, 19};
  Nest nest{.name = "contraction"};
  const int a = nest.add_buffer(make_buffer("a", in, {2, 7, 19}, BufferRole::kInput));
  Buffer right = make_buffer("b", in, {19, 37}, BufferRole::kInput);
  if (transposed) right.strides = {1, 19};
  const int b = nest.add_buffer(right);
  const int bias = nest.add_buffer(make_buffer("bias", out, {37}, BufferRole::kInput));
  const int y = nest.add_buffer(make_buffer("y", out, {2, 7, 37}, BufferRole::kOutput));
  Stage stage{.kind = StageKind::kContraction,
              .domain = domain,
              .reduce_rank = 1,
              .accumulate = accumulate,
              .out = y,
              .out_index = identity(3)};
  stage.a = load(a, compute_type(in), {variable(0), variable(1), variable(3)});
  stage.b = load(b, compute_type(in), {variable(3), variable(2)});
  const Scalar sum = load(kAccumulator, compute_type(out), {});
  stage.epilogue = binary(BinaryOp::kAdd, sum, load(bias, compute_type(out), {variable(2)}));
  nest.stages.push_back(stage);
  return nest;
}

TEST(Contraction, FloatDoubleAndIntegerSums) {
  for (bool transposed : {false, true}) {
    expect_same(contraction(Accumulate::kF32, DataType::kFloat, DataType::kFloat, transposed),
                {.relative = 1e-5, .absolute = 1e-4});
    expect_same(contraction(Accumulate::kF64, DataType::kDouble, DataType::kDouble, transposed));
    expect_same(contraction(Accumulate::kI32, DataType::kInt8, DataType::kInt32, transposed),
                {.low = -128, .high = 127});
    expect_same(contraction(Accumulate::kI64, DataType::kUint8, DataType::kInt64, transposed),
                {.low = 0, .high = 255});
  }
}

}  // namespace
}  // namespace kasuri::codegen
