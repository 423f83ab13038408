#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "both_ways.h"

namespace kasuri::codegen {
namespace {

using namespace loops;  // NOLINT

constexpr DataType kReal = DataType::kFloat;

int add(Nest& nest, std::string name, std::vector<int64_t> extents, BufferRole role,
        DataType type = kReal) {
  return nest.add_buffer(make_buffer(std::move(name), type, std::move(extents), role));
}

/// max, exp, sum, divide over the last axis, sharing the others as outer domain.
Nest softmax(std::vector<int64_t> domain, int outer_rank, bool strided = false) {
  Nest nest{.name = "softmax", .outer_rank = outer_rank};
  const int rank = static_cast<int>(domain.size());
  const std::vector<int64_t> rows(domain.begin(), domain.end() - 1);
  const int x = add(nest, "x", domain, BufferRole::kInput);
  const int most = add(nest, "most", rows, BufferRole::kLocal);
  const int power = add(nest, "power", domain, BufferRole::kLocal);
  const int sum = add(nest, "sum", rows, BufferRole::kLocal);
  const int y = add(nest, "y", domain, BufferRole::kOutput);
  if (strided) {
    nest.buffers[x].strides = nest.buffers[y].strides = {domain[1] * domain[2], 1, domain[1]};
  }
  const auto row = [&](int buffer) { return load(buffer, kReal, identity(rank - 1)); };
  const auto at = [&](int buffer) { return load(buffer, kReal, identity(rank)); };
  Stage first{.kind = StageKind::kReduce,
              .domain = domain,
              .reduce_rank = 1,
              .op = ReduceOp::kMax,
              .body = at(x),
              .out = most,
              .out_index = identity(rank - 1)};
  Stage second{.domain = domain, .out = power, .out_index = identity(rank)};
  second.body = unary(UnaryOp::kExp, binary(BinaryOp::kSub, at(x), row(most)));
  Stage third{.kind = StageKind::kReduce,
              .domain = domain,
              .reduce_rank = 1,
              .op = ReduceOp::kSum,
              .body = at(power),
              .out = sum,
              .out_index = identity(rank - 1)};
  Stage fourth{.domain = domain, .out = y, .out_index = identity(rank)};
  fourth.body = binary(BinaryOp::kDiv, at(power), row(sum));
  nest.stages = {first, second, third, fourth};
  return nest;
}

TEST(Stitched, SoftmaxOverRows) {
  for (int64_t columns : {1, 7, 16, 40, 100, 129})
    for (int outer_rank : {0, 1, 2})
      for (int threads : {1, 3})
        expect_same(softmax({3, 5, columns}, outer_rank), {.threads = threads, .relative = 4e-6});
}

TEST(Stitched, SoftmaxOverAStridedAxis) {
  for (int64_t pixels : {1, 15, 16, 70})
    for (int64_t channels : {1, 3, 21})
      for (int threads : {1, 3})
        expect_same(softmax({2, pixels, channels}, 2, true),
                    {.threads = threads, .relative = 4e-6});
}

TEST(Stitched, LocalsOfOneRowStayInRegistersAndArena) {
  const auto compiled = shared_compiler()->compile(softmax({100, 50, 128}, 2), 1);
  ASSERT_TRUE(compiled.ok());
  const Storage& storage = (*compiled)->schedule().storage;
  EXPECT_EQ(storage.buffers[1].scope, BufferScope::kRegister);
  EXPECT_EQ(storage.buffers[2].scope, BufferScope::kArena);
  EXPECT_EQ(storage.buffers[3].scope, BufferScope::kRegister);
  EXPECT_EQ((*compiled)->workspace_bytes(2), 2 * 128 * 4);
}

Nest layer_norm(int64_t rows, int64_t columns, DataType type) {
  Nest nest{.name = "layer norm", .outer_rank = 1};
  const std::vector<int64_t> domain = {rows, columns};
  const int x = add(nest, "x", domain, BufferRole::kInput, type);
  const int residual = add(nest, "residual", domain, BufferRole::kInput, type);
  const int scale = add(nest, "scale", {columns}, BufferRole::kInput, type);
  const int t = add(nest, "t", domain, BufferRole::kLocal);
  const int mean = add(nest, "mean", {rows}, BufferRole::kLocal);
  const int variance = add(nest, "variance", {rows}, BufferRole::kLocal);
  const int y = add(nest, "y", domain, BufferRole::kOutput, type);
  const auto at = [](int buffer) { return load(buffer, kReal, identity(2)); };
  Stage sum{.domain = domain,
            .body = binary(BinaryOp::kAdd, at(x), at(residual)),
            .out = t,
            .out_index = identity(2)};
  Stage moments{.kind = StageKind::kReduce,
                .domain = domain,
                .reduce_rank = 1,
                .op = ReduceOp::kWelford,
                .body = at(t),
                .out = mean,
                .out2 = variance,
                .out_index = identity(1)};
  const Scalar spread =
      binary(BinaryOp::kAdd, load(variance, kReal, identity(1)), literal(kReal, 1e-5));
  Stage normal{.domain = domain, .out = y, .out_index = identity(2)};
  normal.body =
      binary(BinaryOp::kMul,
             binary(BinaryOp::kMul, binary(BinaryOp::kSub, at(t), load(mean, kReal, identity(1))),
                    unary(UnaryOp::kRsqrt, spread)),
             load(scale, kReal, {variable(1)}));
  nest.stages = {sum, moments, normal};
  return nest;
}

TEST(Stitched, LayerNormWithResidual) {
  for (int64_t columns : {2, 16, 50, 768})
    for (DataType type : {kReal, DataType::kBfloat16})
      expect_same(layer_norm(9, columns, type), {.relative = 1e-5, .absolute = 1e-5});
}

/// A local read at a shifted place: the box of one row is wider than what one point writes.
TEST(Stitched, LocalReadThroughAWindow) {
  Nest nest{.name = "window", .outer_rank = 1};
  const int x = add(nest, "x", {6, 40}, BufferRole::kInput);
  const int t = add(nest, "t", {6, 40}, BufferRole::kLocal);
  const int y = add(nest, "y", {6, 38}, BufferRole::kOutput);
  Stage first{.domain = {6, 40},
              .out = t,
              .out_index = {variable(0), loops::add(mul(variable(1), -1), 39)}};
  first.body = unary(UnaryOp::kTanh, load(x, kReal, identity(2)));
  Stage second{.kind = StageKind::kReduce,
               .domain = {6, 38, 3},
               .reduce_rank = 1,
               .op = ReduceOp::kSum,
               .out = y,
               .out_index = identity(2)};
  second.body = load(t, kReal, {variable(0), loops::add(variable(1), variable(2))});
  nest.stages = {first, second};
  expect_same(nest);
  nest.outer_rank = 0;
  expect_same(nest);
}

/// Two writers of one local (a Concat), read whole.
TEST(Stitched, TwoWritersOfOneLocal) {
  Nest nest{.name = "concat", .outer_rank = 1};
  const int a = add(nest, "a", {5, 9}, BufferRole::kInput);
  const int b = add(nest, "b", {5, 21}, BufferRole::kInput);
  const int t = add(nest, "t", {5, 30}, BufferRole::kLocal);
  const int y = add(nest, "y", {5}, BufferRole::kOutput);
  Stage left{
      .domain = {5, 9}, .body = load(a, kReal, identity(2)), .out = t, .out_index = identity(2)};
  Stage right{.domain = {5, 21},
              .body = load(b, kReal, identity(2)),
              .out = t,
              .out_index = {variable(0), loops::add(variable(1), 9)}};
  Stage sum{.kind = StageKind::kReduce,
            .domain = {5, 30},
            .reduce_rank = 1,
            .op = ReduceOp::kMax,
            .body = load(t, kReal, identity(2)),
            .out = y,
            .out_index = identity(1)};
  nest.stages = {left, right, sum};
  expect_same(nest);
  EXPECT_GT(expect_same(nest, {.threads = 2}), 0);
}

/// Random chains of maps and reductions over random layouts.
Nest random_nest(std::mt19937& random) {
  const int64_t sizes[] = {1, 2, 3, 5, 8, 16, 17, 33, 64, 100};
  const auto pick = [&](int count) { return static_cast<int>(random() % count); };
  Nest nest{.name = "random"};
  std::vector<int64_t> domain;
  for (int axis = 0; axis < 1 + pick(3); ++axis) domain.push_back(sizes[pick(axis == 0 ? 10 : 7)]);
  const int rank = static_cast<int>(domain.size());
  const int inputs = 1 + pick(3);
  for (int i = 0; i < inputs; ++i) {
    Buffer in = make_buffer("x" + std::to_string(i), kReal, domain, BufferRole::kInput);
    std::vector<int> order(rank);
    for (int axis = 0; axis < rank; ++axis) order[axis] = axis;
    std::shuffle(order.begin(), order.end(), random);
    int64_t stride = 1;
    for (int axis : order) {
      const bool repeated = pick(4) == 0;
      in.strides[axis] = repeated ? 0 : stride;
      if (!repeated) stride *= domain[axis];
    }
    nest.add_buffer(in);
  }
  int last = pick(inputs);
  for (int stage = 0; stage < 1 + pick(4); ++stage) {
    Scalar body = load(last, kReal, identity(rank));
    const UnaryOp ops[] = {UnaryOp::kNeg, UnaryOp::kTanh, UnaryOp::kAbs, UnaryOp::kSigmoid};
    body = unary(ops[pick(4)], body);
    body = binary(pick(2) ? BinaryOp::kAdd : BinaryOp::kMul, body,
                  load(pick(inputs), kReal, identity(rank)));
    if (pick(3) == 0)
      body = select(binary(BinaryOp::kLess, index_value(variable(pick(rank))),
                           literal_int(DataType::kInt64, 3)),
                    body, literal(kReal, 0.5));
    const int t = add(nest, "t" + std::to_string(stage), domain,
                      pick(2) ? BufferRole::kLocal : BufferRole::kOutput);
    nest.stages.push_back(
        Stage{.domain = domain, .body = body, .out = t, .out_index = identity(rank)});
    last = t;
  }
  const int reduce_rank = pick(rank + 1);
  const std::vector<int64_t> kept(domain.begin(), domain.end() - reduce_rank);
  const int y = add(nest, "y", kept, BufferRole::kOutput);
  Stage final{.domain = domain,
              .body = load(last, kReal, identity(rank)),
              .out = y,
              .out_index = identity(rank - reduce_rank)};
  if (reduce_rank > 0) {
    final.kind = StageKind::kReduce;
    final.reduce_rank = reduce_rank;
    final.op = pick(2) ? ReduceOp::kSum : ReduceOp::kMax;
  }
  nest.stages.push_back(final);
  nest.outer_rank = pick(rank - reduce_rank + 1);
  return nest;
}

class RandomChains : public testing::TestWithParam<int> {};

TEST_P(RandomChains, EqualTheInterpreter) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 80 && !testing::Test::HasFailure(); ++trial)
    expect_same(random_nest(random), {.threads = 1 + trial % 2,
                                      .low = -1,
                                      .high = 1,
                                      .relative = 1e-4,
                                      .absolute = 1e-3,
                                      .seed = static_cast<unsigned>(trial),
                                      .vector_bits = GetParam()});
}

INSTANTIATE_TEST_SUITE_P(VectorBits, RandomChains, testing::Values(512, 256, 128));

TEST(Compiler, ObjectsAreCachedAndDamagedOnesIgnored) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("kasuri-codegen-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const auto files = [&] {
    std::vector<std::filesystem::path> found;
    for (const auto& file : std::filesystem::directory_iterator(folder)) found.push_back(file);
    return found;
  };
  const Nest nest = softmax({2, 3, 20}, 2);
  std::vector<float> x(120, 1.f), y(120);
  std::byte* pointers[] = {reinterpret_cast<std::byte*>(x.data()),
                           reinterpret_cast<std::byte*>(y.data())};
  alignas(64) std::byte workspace[256];
  for (int round = 0; round < 3; ++round) {
    auto compiler = Compiler::create(folder.string());
    ASSERT_TRUE(compiler.ok());
    auto compiled = (*compiler)->compile(nest, 1);
    ASSERT_TRUE(compiled.ok());
    std::fill(y.begin(), y.end(), 0.f);
    ASSERT_TRUE((*compiled)->run(pointers, workspace, nullptr).ok());
    EXPECT_FLOAT_EQ(y[119], 0.05f);
    ASSERT_EQ(files().size(), 1u);
    if (round == 1) {
      std::fstream file(files()[0], std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(200);
      file.put('\x7f');
      file.put('\x7f');
    }
  }
  std::filesystem::remove_all(folder);
}

TEST(Compiler, CompilesManyAndOutlivesItself) {
  std::vector<Nest> nests;
  for (int64_t columns = 1; columns < 20; ++columns) nests.push_back(softmax({2, 3, columns}, 2));
  std::vector<CompiledNestPointer> compiled;
  {
    auto compiler = Compiler::create("");
    ASSERT_TRUE(compiler.ok());
    auto all = (*compiler)->compile_all(nests, 1);
    ASSERT_TRUE(all.ok());
    compiled = *all;
  }
  for (size_t n = 0; n < nests.size(); ++n) {
    const size_t count = 6 * (n + 1);
    std::vector<float> x(count, 1.f), y(count);
    std::byte* pointers[] = {reinterpret_cast<std::byte*>(x.data()),
                             reinterpret_cast<std::byte*>(y.data())};
    alignas(64) std::byte workspace[256];
    ASSERT_TRUE(compiled[n]->run(pointers, workspace, nullptr).ok());
    EXPECT_FLOAT_EQ(y[count - 1], 1.f / static_cast<float>(n + 1));
  }
}

}  // namespace
}  // namespace kasuri::codegen
