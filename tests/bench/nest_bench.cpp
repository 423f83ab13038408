/// Times machine code of well-known nests on one thread (or argv[1] threads): least of many runs.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/codegen/compiled_nest.h"

namespace {

using namespace kasuri;         // NOLINT
using namespace kasuri::loops;  // NOLINT

constexpr DataType kReal = DataType::kFloat;

Scalar real(double value) { return literal(kReal, value); }
Scalar plus(Scalar a, Scalar b) { return binary(BinaryOp::kAdd, std::move(a), std::move(b)); }
Scalar minus(Scalar a, Scalar b) { return binary(BinaryOp::kSub, std::move(a), std::move(b)); }
Scalar times(Scalar a, Scalar b) { return binary(BinaryOp::kMul, std::move(a), std::move(b)); }
Scalar over(Scalar a, Scalar b) { return binary(BinaryOp::kDiv, std::move(a), std::move(b)); }

int add(Nest& nest, std::string name, std::vector<int64_t> extents, BufferRole role) {
  return nest.add_buffer(make_buffer(std::move(name), kReal, std::move(extents), role));
}

Nest bias_gelu(int64_t rows, int64_t columns) {
  Nest nest{.name = "bias gelu"};
  const int x = add(nest, "x", {rows, columns}, BufferRole::kInput);
  const int bias = add(nest, "bias", {columns}, BufferRole::kInput);
  const int y = add(nest, "y", {rows, columns}, BufferRole::kOutput);
  const Scalar t = plus(load(x, kReal, identity(2)), load(bias, kReal, {variable(1)}));
  Stage stage{.domain = {rows, columns}, .out = y, .out_index = identity(2)};
  stage.body =
      times(times(t, real(0.5)), plus(real(1), unary(UnaryOp::kErf, times(t, real(M_SQRT1_2)))));
  nest.stages = {stage};
  return nest;
}

Nest softmax(int64_t heads, int64_t rows, int64_t columns) {
  Nest nest{.name = "softmax", .outer_rank = 2};
  const int x = add(nest, "x", {heads, rows, columns}, BufferRole::kInput);
  const int mask = add(nest, "mask", {columns}, BufferRole::kInput);
  const int most = add(nest, "most", {heads, rows}, BufferRole::kLocal);
  const int power = add(nest, "power", {heads, rows, columns}, BufferRole::kLocal);
  const int sum = add(nest, "sum", {heads, rows}, BufferRole::kLocal);
  const int y = add(nest, "y", {heads, rows, columns}, BufferRole::kOutput);
  const std::vector<int64_t> domain = {heads, rows, columns};
  const Scalar score =
      plus(times(load(x, kReal, identity(3)), real(0.125)), load(mask, kReal, {variable(2)}));
  Stage first{.kind = StageKind::kReduce,
              .domain = domain,
              .reduce_rank = 1,
              .op = ReduceOp::kMax,
              .body = score,
              .out = most,
              .out_index = identity(2)};
  Stage second{.domain = domain, .out = power, .out_index = identity(3)};
  second.body = unary(UnaryOp::kExp, minus(score, load(most, kReal, identity(2))));
  Stage third{.kind = StageKind::kReduce,
              .domain = domain,
              .reduce_rank = 1,
              .op = ReduceOp::kSum,
              .body = load(power, kReal, identity(3)),
              .out = sum,
              .out_index = identity(2)};
  Stage fourth{.domain = domain, .out = y, .out_index = identity(3)};
  fourth.body = over(load(power, kReal, identity(3)), load(sum, kReal, identity(2)));
  nest.stages = {first, second, third, fourth};
  return nest;
}

Nest layer_norm(int64_t rows, int64_t columns) {
  Nest nest{.name = "residual layer norm", .outer_rank = 1};
  const std::vector<int64_t> domain = {rows, columns};
  const int x = add(nest, "x", domain, BufferRole::kInput);
  const int residual = add(nest, "residual", domain, BufferRole::kInput);
  const int scale = add(nest, "scale", {columns}, BufferRole::kInput);
  const int shift = add(nest, "shift", {columns}, BufferRole::kInput);
  const int t = add(nest, "t", domain, BufferRole::kLocal);
  const int mean = add(nest, "mean", {rows}, BufferRole::kLocal);
  const int variance = add(nest, "variance", {rows}, BufferRole::kLocal);
  const int y = add(nest, "y", domain, BufferRole::kOutput);
  const auto at = [](int buffer) { return load(buffer, kReal, identity(2)); };
  Stage sum{
      .domain = domain, .body = plus(at(x), at(residual)), .out = t, .out_index = identity(2)};
  Stage moments{.kind = StageKind::kReduce,
                .domain = domain,
                .reduce_rank = 1,
                .op = ReduceOp::kWelford,
                .body = at(t),
                .out = mean,
                .out2 = variance,
                .out_index = identity(1)};
  const Scalar inverse =
      unary(UnaryOp::kRsqrt, plus(load(variance, kReal, identity(1)), real(1e-5)));
  Stage normal{.domain = domain, .out = y, .out_index = identity(2)};
  normal.body = plus(times(times(minus(at(t), load(mean, kReal, identity(1))), inverse),
                           load(scale, kReal, {variable(1)})),
                     load(shift, kReal, {variable(1)}));
  nest.stages = {sum, moments, normal};
  return nest;
}

/// y[i, j, k] = x[j, i, k] or, turned, y[i, j] = x[j, i].
Nest transpose(std::vector<int64_t> out, std::vector<int64_t> strides) {
  Nest nest{.name = "transpose"};
  Buffer in = make_buffer("x", kReal, out, BufferRole::kInput);
  in.strides = std::move(strides);
  const int x = nest.add_buffer(in);
  const int y = add(nest, "y", out, BufferRole::kOutput);
  const int rank = static_cast<int>(out.size());
  Stage stage{
      .domain = out, .body = load(x, kReal, identity(rank)), .out = y, .out_index = identity(rank)};
  nest.stages = {stage};
  return nest;
}

/// Softmax over the channels of an image: the reduced axis is strided.
Nest channel_softmax(int64_t channels, int64_t pixels) {
  Nest nest = softmax(1, pixels, channels);
  nest.name = "channel softmax";
  for (Buffer& buffer : nest.buffers)
    if (buffer.role != BufferRole::kLocal && buffer.extents.size() == 3)
      buffer.strides = {channels * pixels, 1, pixels};
  return nest;
}

/// Mean over rows: lanes lie across the outputs.
Nest column_sums(int64_t rows, int64_t columns) {
  Nest nest{.name = "column sums"};
  Buffer in = make_buffer("x", kReal, {columns, rows}, BufferRole::kInput);
  in.strides = {1, columns};
  const int x = nest.add_buffer(in);
  const int y = add(nest, "y", {columns}, BufferRole::kOutput);
  nest.stages = {Stage{.kind = StageKind::kReduce,
                       .domain = {columns, rows},
                       .reduce_rank = 1,
                       .op = ReduceOp::kSum,
                       .body = load(x, kReal, identity(2)),
                       .out = y,
                       .out_index = identity(1)}};
  return nest;
}

/// A split of heads written as a flat copy through division and remainder.
Nest reshaped_copy(int64_t rows, int64_t heads, int64_t width) {
  const int64_t count = rows * heads * width;
  Nest nest{.name = "flat 0213 copy"};
  const int x = add(nest, "x", {rows, heads * width}, BufferRole::kInput);
  const int y = add(nest, "y", {count}, BufferRole::kOutput);
  const Index i = variable(0);
  const Index head = floor_div(i, rows * width), row = mod(floor_div(i, width), rows);
  Stage stage{.domain = {count}, .out = y, .out_index = identity(1)};
  stage.body = load(x, kReal, {row, loops::add(mul(head, width), mod(i, width))});
  nest.stages = {stage};
  return nest;
}

/// 3x3 window of stride 2 with padding 1, channels first.
Nest max_pool(int64_t channels, int64_t size) {
  Nest nest{.name = "max pool 3x3/2"};
  const int64_t out = size / 2;
  const int x = add(nest, "x", {channels, size, size}, BufferRole::kInput);
  const int y = add(nest, "y", {channels, out, out}, BufferRole::kOutput);
  std::vector<Index> at = {variable(0)};
  Scalar inside = literal(DataType::kBool, 1);
  for (int axis = 1; axis < 3; ++axis) {
    at.push_back(loops::add(loops::add(mul(variable(axis), 2), variable(axis + 2)), -1));
    const auto bound = [&](BinaryOp op, int64_t value) {
      return binary(op, index_value(at.back()), literal_int(DataType::kInt64, value));
    };
    inside = binary(
        BinaryOp::kAnd, inside,
        binary(BinaryOp::kAnd, bound(BinaryOp::kGreaterEqual, 0), bound(BinaryOp::kLess, size)));
  }
  nest.stages = {Stage{.kind = StageKind::kReduce,
                       .domain = {channels, out, out, 3, 3},
                       .reduce_rank = 2,
                       .op = ReduceOp::kMax,
                       .body = select(inside, load(x, kReal, at), real(-HUGE_VAL)),
                       .out = y,
                       .out_index = identity(3)}};
  return nest;
}

/// Bilinear upsampling of an image by 4, half-pixel centres.
Nest upsample(int64_t channels, int64_t size) {
  Nest nest{.name = "bilinear upsample x4"};
  const int64_t out = 4 * size;
  const int x = add(nest, "x", {channels, size, size}, BufferRole::kInput);
  const int y = add(nest, "y", {channels, out, out}, BufferRole::kOutput);
  const auto clamped = [&](Index i) {
    return loops::min(loops::max(std::move(i), constant(0)), constant(size - 1));
  };
  Index low[3], high[3];
  Scalar rest[3];
  for (int axis = 1; axis < 3; ++axis) {
    const Index place = loops::add(mul(variable(axis), 2), -3);
    low[axis] = clamped(floor_div(place, 8));
    high[axis] = clamped(loops::add(floor_div(place, 8), 1));
    rest[axis] = times(cast(index_value(mod(place, 8)), kReal), real(0.125));
  }
  const auto blend = [](const Scalar& a, const Scalar& b, const Scalar& t) {
    return plus(a, times(minus(b, a), t));
  };
  const auto row = [&](const Index& h) {
    return blend(load(x, kReal, {variable(0), h, low[2]}),
                 load(x, kReal, {variable(0), h, high[2]}), rest[2]);
  };
  nest.stages = {Stage{.domain = {channels, out, out},
                       .body = blend(row(low[1]), row(high[1]), rest[1]),
                       .out = y,
                       .out_index = identity(3)}};
  return nest;
}

double least_microseconds(const std::function<void()>& run) {
  using Clock = std::chrono::steady_clock;
  double least = 1e30;
  const auto limit = Clock::now() + std::chrono::milliseconds(400);
  for (int repeat = 0; repeat < 20 || (Clock::now() < limit && repeat < 5000); ++repeat) {
    const auto begin = Clock::now();
    run();
    const std::chrono::duration<double, std::micro> took = Clock::now() - begin;
    least = std::min(least, took.count());
  }
  return least;
}

struct AlignedBytes {
  explicit AlignedBytes(int64_t size)
      : data(static_cast<std::byte*>(std::aligned_alloc(64, (size + 127) / 64 * 64))) {}
  ~AlignedBytes() { std::free(data); }
  AlignedBytes(const AlignedBytes&) = delete;
  AlignedBytes& operator=(const AlignedBytes&) = delete;
  std::byte* data;
};

void measure(codegen::Compiler& compiler, const Nest& nest, int threads) {
  const auto begin = std::chrono::steady_clock::now();
  auto compiled = compiler.compile(nest, threads);
  const std::chrono::duration<double, std::milli> compiling =
      std::chrono::steady_clock::now() - begin;
  if (!compiled.ok()) {
    fmt::print("{}: {}\n", nest.name, compiled.error().text());
    return;
  }
  const auto again = std::chrono::steady_clock::now();
  compiled = compiler.compile(nest, threads);
  const std::chrono::duration<double, std::milli> cached = std::chrono::steady_clock::now() - again;
  std::vector<std::unique_ptr<AlignedBytes>> memory;
  std::vector<std::byte*> pointers;
  for (const Buffer& buffer : nest.buffers) {
    if (buffer.role == BufferRole::kLocal) continue;
    int64_t count = 1;
    for (size_t axis = 0; axis < buffer.extents.size(); ++axis)
      count += (buffer.extents[axis] - 1) * buffer.strides[axis];
    memory.push_back(std::make_unique<AlignedBytes>(count * 4));
    pointers.push_back(memory.back()->data);
    auto* numbers = reinterpret_cast<float*>(pointers.back());
    for (int64_t i = 0; i < count; ++i) numbers[i] = static_cast<float>((i * 37 % 101) - 50) / 25;
  }
  AlignedBytes workspace((*compiled)->workspace_bytes(threads));
  ThreadPool pool(threads);
  const double least = least_microseconds([&] {
    if (!(*compiled)->run(pointers, workspace.data, threads > 1 ? &pool : nullptr).ok())
      std::abort();
  });
  fmt::print("{:24} {:9.1f} us   compiled in {:5.1f} ms, from cache {:5.2f} ms   {}\n", nest.name,
             least, compiling.count(), cached.count(), (*compiled)->description());
  if (std::getenv("NEST_SCHEDULE") != nullptr)
    fmt::print("{}", codegen::text_of((*compiled)->schedule(), nest));
  if (std::getenv("NEST_ASM") != nullptr && nest.name == std::getenv("NEST_ASM"))
    fmt::print("{}", codegen::generated_text(nest, compiler.target(), threads, true));
}

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::max(1, std::atoi(argv[1])) : 1;
  const auto folder = std::filesystem::temp_directory_path() / "kasuri-nest-bench";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  auto compiler = codegen::Compiler::create(folder.string());
  if (!compiler.ok()) return 1;
  fmt::print("{} thread(s), {}\n", threads, codegen::text_of((*compiler)->target()));
  const std::vector<Nest> nests = {bias_gelu(128, 3072),
                                   softmax(12, 128, 128),
                                   layer_norm(128, 768),
                                   transpose({12, 128, 64}, {64, 768, 1}),
                                   transpose({768, 768}, {1, 768}),
                                   transpose({12, 64, 128}, {64, 1, 768}),
                                   channel_softmax(21, 4096),
                                   column_sums(512, 768),
                                   reshaped_copy(128, 12, 64),
                                   max_pool(64, 112),
                                   upsample(256, 16)};
  for (const Nest& nest : nests) measure(**compiler, nest, threads);
  return 0;
}
