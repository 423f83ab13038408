#include "tests/support/sample_nests.h"

#include <cmath>
#include <numbers>

#include "tests/support/run_nest.h"

namespace kasuri::loops {
namespace {

Scalar number(double value) { return literal(DataType::kFloat, value); }
Scalar plus(Scalar a, Scalar b) { return binary(BinaryOp::kAdd, std::move(a), std::move(b)); }
Scalar minus(Scalar a, Scalar b) { return binary(BinaryOp::kSub, std::move(a), std::move(b)); }
Scalar times(Scalar a, Scalar b) { return binary(BinaryOp::kMul, std::move(a), std::move(b)); }
Scalar over(Scalar a, Scalar b) { return binary(BinaryOp::kDiv, std::move(a), std::move(b)); }
Scalar relu(Scalar a) { return binary(BinaryOp::kMax, std::move(a), number(0)); }

Index linear(const std::vector<Index>& at, const Extents& extents) {
  Index sum = constant(0);
  for (size_t k = 0; k < at.size(); ++k) sum = add(mul(sum, extents[k]), at[k]);
  return sum;
}

/// Where a view of extents `to` reads a buffer of extents `from`.
std::vector<Index> reshaped(const Extents& from, const Extents& to) {
  const Index whole = linear(identity(static_cast<int>(to.size())), to);
  std::vector<Index> at(from.size());
  int64_t weight = 1;
  for (size_t k = from.size(); k-- > 0; weight *= from[k])
    at[k] = mod(floor_div(whole, weight), from[k]);
  return at;
}

}  // namespace

Nest bias_gelu(int64_t rows, int64_t columns) {
  NestBuilder b("bias_gelu");
  const Extents e = {rows, columns};
  const int x = b.input(e), bias = b.input({columns});
  const int sum = b.local(e), scaled = b.local(e), erf = b.local(e), one = b.local(e);
  const int product = b.local(e), y = b.output(e);
  b.map(sum, plus(b.here(x), b.at(bias, {variable(1)})));
  b.map(scaled, over(b.here(sum), number(std::numbers::sqrt2)));
  b.map(erf, unary(UnaryOp::kErf, b.here(scaled)));
  b.map(one, plus(b.here(erf), number(1)));
  b.map(product, times(b.here(sum), b.here(one)));
  b.map(y, times(b.here(product), number(0.5)));
  return b.nest();
}

Nest residual_relu(const Extents& extents) {
  NestBuilder b("residual_relu");
  const int x = b.input(extents), y = b.input(extents), sum = b.local(extents);
  const int out = b.output(extents);
  b.map(sum, plus(b.here(x), b.here(y)));
  b.map(out, relu(b.here(sum)));
  return b.nest();
}

Nest masked_softmax(int64_t batch, int64_t heads, int64_t n) {
  NestBuilder b("masked_softmax");
  const Extents e = {batch, heads, n, n};
  const int x = b.input(e), keep = b.input({batch, 1, 1, n});
  const int mask = b.local({batch, 1, 1, n}), scaled = b.local(e), masked = b.local(e);
  const int top = b.local({batch, heads, n, 1}), exponentials = b.local(e);
  const int sum = b.local({batch, heads, n, 1}), y = b.output(e);
  const std::vector<Index> row = {variable(0), variable(1), variable(2), constant(0)};
  b.map(mask, times(minus(number(1), b.here(keep)), number(-10000)));
  b.map(scaled, times(b.here(x), number(0.125)));
  b.map(masked,
        plus(b.here(scaled), b.at(mask, {variable(0), constant(0), constant(0), variable(3)})));
  b.reduce(top, e, 1, ReduceOp::kMax, b.here(masked), row);
  b.map(exponentials, unary(UnaryOp::kExp, minus(b.here(masked), b.at(top, row))));
  b.reduce(sum, e, 1, ReduceOp::kSum, b.here(exponentials), row);
  b.map(y, over(b.here(exponentials), b.at(sum, row)));
  return b.nest();
}

Nest layer_norm_decomposed(int64_t batch, int64_t rows, int64_t columns) {
  NestBuilder b("layer_norm");
  const Extents e = {batch, rows, columns}, kept = {batch, rows, 1};
  const int a = b.input(e), r = b.input(e), gamma = b.input({columns}), beta = b.input({columns});
  const int x = b.local(e), sum = b.local(kept), mean = b.local(kept), centred = b.local(e);
  const int square = b.local(e), squares = b.local(kept), variance = b.local(kept);
  const int shifted = b.local(kept), root = b.local(kept), quotient = b.local(e);
  const int scaled = b.local(e), y = b.output(e);
  const std::vector<Index> row = {variable(0), variable(1), constant(0)};
  const Scalar count = number(static_cast<double>(columns));
  b.map(x, plus(b.here(a), b.here(r)));
  b.reduce(sum, e, 1, ReduceOp::kSum, b.here(x), row);
  b.map(mean, over(b.here(sum), count));
  b.map(centred, minus(b.here(x), b.at(mean, row)));
  b.map(square, binary(BinaryOp::kPow, b.here(centred), number(2)));
  b.reduce(squares, e, 1, ReduceOp::kSum, b.here(square), row);
  b.map(variance, over(b.here(squares), count));
  b.map(shifted, plus(b.here(variance), number(1e-5)));
  b.map(root, unary(UnaryOp::kSqrt, b.here(shifted)));
  b.map(quotient, over(b.here(centred), b.at(root, row)));
  b.map(scaled, times(b.here(quotient), b.at(gamma, {variable(2)})));
  b.map(y, plus(b.here(scaled), b.at(beta, {variable(2)})));
  return b.nest();
}

Nest attention_operand(int64_t batch, int64_t heads, int64_t n, int64_t d) {
  NestBuilder b("attention_scores");
  const Extents flat = {batch, n, heads * d}, split = {batch, n, heads, d},
                moved = {batch, heads, n, d};
  const int q = b.input(flat), k = b.input(flat);
  const int q4 = b.local(split), k4 = b.local(split), qt = b.local(moved);
  const int kt = b.local({batch, heads, d, n}), y = b.output({batch, heads, n, n});
  b.map(q4, b.at(q, reshaped(flat, split)));
  b.map(k4, b.at(k, reshaped(flat, split)));
  b.map(qt, b.at(q4, {variable(0), variable(2), variable(1), variable(3)}));
  b.map(kt, b.at(k4, {variable(0), variable(3), variable(1), variable(2)}));
  Stage s;
  s.kind = StageKind::kContraction;
  s.domain = {batch, heads, n, n, d};
  s.reduce_rank = 1;
  s.a = b.at(qt, {variable(0), variable(1), variable(2), variable(4)});
  s.b = b.at(kt, {variable(0), variable(1), variable(4), variable(3)});
  s.epilogue = load(kAccumulator, DataType::kFloat, {});
  s.out = y;
  s.out_index = identity(4);
  b.nest().stages.push_back(s);
  return b.nest();
}

Nest linear_relu(int64_t m, int64_t n, int64_t k) {
  NestBuilder b("linear_relu");
  const int x = b.input({m, k}), w = b.input({k, n}), bias = b.input({n});
  const int product = b.local({m, n}), sum = b.local({m, n}), y = b.output({m, n});
  Stage s;
  s.kind = StageKind::kContraction;
  s.domain = {m, n, k};
  s.reduce_rank = 1;
  s.a = b.at(x, {variable(0), variable(2)});
  s.b = b.at(w, {variable(2), variable(1)});
  s.epilogue = load(kAccumulator, DataType::kFloat, {});
  s.out = product;
  s.out_index = identity(2);
  b.nest().stages.push_back(s);
  b.map(sum, plus(b.here(product), b.at(bias, {variable(1)})));
  b.map(y, relu(b.here(sum)));
  return b.nest();
}

Nest concat_relu(int64_t rows, int64_t left, int64_t right) {
  NestBuilder b("concat_relu");
  const int x = b.input({rows, left}), y = b.input({rows, right});
  const int both = b.local({rows, left + right}), out = b.output({rows, left + right});
  b.map(both, {rows, left}, b.here(x), identity(2));
  b.map(both, {rows, right}, b.here(y), {variable(0), add(variable(1), left)});
  b.map(out, relu(b.here(both)));
  return b.nest();
}

Nest group_norm(int64_t n, int64_t channels, int64_t groups, int64_t size) {
  NestBuilder b("group_norm");
  const Extents e = {n, channels, size}, grouped = {n, groups, channels / groups * size};
  const int x = b.input(e), gamma = b.input({channels});
  const int g = b.local(grouped), sum = b.local({n, groups, 1}), mean = b.local({n, groups, 1});
  const int centred = b.local(grouped), back = b.local(e), y = b.output(e);
  const std::vector<Index> group = {variable(0), variable(1), constant(0)};
  b.map(g, b.at(x, reshaped(e, grouped)));
  b.reduce(sum, grouped, 1, ReduceOp::kSum, b.here(g), group);
  b.map(mean, over(b.here(sum), number(static_cast<double>(grouped[2]))));
  b.map(centred, minus(b.here(g), b.at(mean, group)));
  b.map(back, b.at(centred, reshaped(grouped, e)));
  b.map(y, times(b.here(back), b.at(gamma, {variable(1)})));
  return b.nest();
}

Nest im2col(int64_t channels, int64_t size, int64_t filters) {
  NestBuilder b("im2col");
  const int x = b.input({1, channels, size, size}), w = b.input({filters, channels, 3, 3});
  const int y = b.output({1, filters, size, size});
  const Index pixel = variable(1), k = variable(3);
  const Index row = add(add(floor_div(pixel, size), mod(floor_div(k, 3), 3)), -1);
  const Index column = add(add(mod(pixel, size), mod(k, 3)), -1);
  const auto inside = [&](const Index& i) {
    const Scalar value = index_value(i);
    return binary(BinaryOp::kAnd,
                  binary(BinaryOp::kGreaterEqual, value, literal_int(DataType::kInt64, 0)),
                  binary(BinaryOp::kLess, value, literal_int(DataType::kInt64, size)));
  };
  Stage s;
  s.kind = StageKind::kContraction;
  s.domain = {1, size * size, filters, channels * 9};
  s.reduce_rank = 1;
  s.a = select(binary(BinaryOp::kAnd, inside(row), inside(column)),
               b.at(x, {variable(0), floor_div(k, 9), row, column}), number(0));
  s.b = b.at(w, {variable(2), floor_div(k, 9), mod(floor_div(k, 3), 3), mod(k, 3)});
  s.epilogue = load(kAccumulator, DataType::kFloat, {});
  s.out = y;
  s.out_index = {variable(0), variable(2), floor_div(pixel, size), mod(pixel, size)};
  b.nest().stages.push_back(s);
  return b.nest();
}

}  // namespace kasuri::loops
