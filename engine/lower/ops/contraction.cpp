#include <functional>

#include "engine/lower/registry.h"
#include "engine/lower/window.h"

// MatMul, Gemm and Conv as contraction stages. Libraries take the same operators over directly
// where they are faster; this is what every backend can always do.
namespace kasuri::lower {
namespace {

using loops::BinaryOp;

loops::Accumulate accumulate_for(DataType type) {
  switch (type) {
    case DataType::kDouble:
      return loops::Accumulate::kF64;
    case DataType::kInt32:
    case DataType::kUint32:
      return loops::Accumulate::kI32;
    case DataType::kInt64:
    case DataType::kUint64:
      return loops::Accumulate::kI64;
    default:
      return loops::Accumulate::kF32;
  }
}

/// Sums of bytes wrap around in the type itself, which no accumulator does.
Status check_type(Context& c) {
  const DataType type = c.out_type();
  if (is_float(type) ? bits_of(type) >= 16 : bits_of(type) >= 32) return Done{};
  return c.declined("contractions in " + std::string(name_of(type)) + " run in the reference");
}

Scalar accumulator(DataType stored) {
  return loops::load(loops::kAccumulator, loops::compute_type(stored), {});
}

void contract(Context& c, Extents domain, Scalar a, Scalar b, Scalar epilogue, Indices to) {
  loops::Stage stage;
  stage.kind = loops::StageKind::kContraction;
  stage.domain = std::move(domain);
  stage.reduce_rank = 1;
  stage.a = std::move(a);
  stage.b = std::move(b);
  stage.epilogue = std::move(epilogue);
  stage.accumulate = accumulate_for(c.out_type());
  stage.out = c.output();
  stage.out_index = std::move(to);
  c.nest().stages.push_back(std::move(stage));
}

/// An element of an operand at indices; `line` is its row (left) or column (right).
using Operand = std::function<Scalar(const Indices& at, const Index& line)>;

/// Batch axes broadcast; rank-1 operands lose their unit axis in the output.
Status lower_product(Context& c, const Operand& left, const Operand& right) {
  const Extents& a = c.in_extents(0);
  const Extents& b = c.in_extents(1);
  const bool vector_a = a.size() == 1, vector_b = b.size() == 1;
  const auto batch =
      static_cast<int>(c.out_extents().size()) - (vector_a ? 0 : 1) - (vector_b ? 0 : 1);
  Extents domain(c.out_extents().begin(), c.out_extents().begin() + batch);
  domain.insert(domain.end(), {vector_a ? 1 : a[a.size() - 2], vector_b ? 1 : b.back(), a.back()});
  const Index m = loops::variable(batch), n = loops::variable(batch + 1),
              k = loops::variable(batch + 2);
  const auto batch_of = [&](const Extents& extents) {
    if (extents.size() <= 2) return Indices{};
    return broadcast_indices(Extents(extents.begin(), extents.end() - 2), batch);
  };
  Indices at_a = batch_of(a), at_b = batch_of(b), to = loops::identity(batch);
  if (!vector_a) at_a.push_back(m), to.push_back(m);
  at_a.push_back(k);
  at_b.push_back(k);
  if (!vector_b) at_b.push_back(n), to.push_back(n);
  contract(c, domain, left(at_a, m), right(at_b, n), accumulator(c.out_type()), to);
  return Done{};
}

Status lower_matmul(Context& c) {
  KASURI_RETURN_IF_ERROR(check_type(c));
  const auto load = [&c](size_t input) {
    return
        [&c, input](const Indices& at, const Index&) { return c.load_buffer(c.input(input), at); };
  };
  return lower_product(c, load(0), load(1));
}

/// int32 sums of codes less their zero points: one, or one per row or column.
Status lower_matmul_integer(Context& c) {
  for (size_t zero : {size_t{2}, size_t{3}})
    if (c.has_input(zero) && c.in_extents(zero).size() > 1)
      return c.declined("zero points of batches");
  const auto centred = [&c](size_t value, size_t zero) {
    return [&c, value, zero](const Indices& at, const Index& line) {
      const Scalar code = loops::cast(c.load_buffer(c.input(value), at), DataType::kInt32);
      if (!c.has_input(zero)) return code;
      const Extents& zeros = c.in_extents(zero);
      const bool one = zeros.empty() || zeros[0] == 1;
      const Scalar by =
          c.load(zero, zeros.empty() ? Indices{} : Indices{one ? loops::constant(0) : line});
      return loops::binary(BinaryOp::kSub, code, loops::cast(by, DataType::kInt32));
    };
  };
  return lower_product(c, centred(0, 2), centred(1, 3));
}

Status lower_gemm(Context& c) {
  KASURI_RETURN_IF_ERROR(check_type(c));
  const bool ta = c.node().get_int("transA", 0) != 0, tb = c.node().get_int("transB", 0) != 0;
  const Index m = loops::variable(0), n = loops::variable(1), k = loops::variable(2);
  const DataType type = loops::compute_type(c.out_type());
  Scalar y = accumulator(c.out_type());
  const float alpha = c.node().get_float("alpha", 1), beta = c.node().get_float("beta", 1);
  if (alpha != 1) y = loops::binary(BinaryOp::kMul, y, number(type, alpha));
  if (c.has_input(2) && beta != 0) {
    Scalar bias = c.load(2, broadcast_indices(c.in_extents(2), 2));
    if (beta != 1) bias = loops::binary(BinaryOp::kMul, bias, number(type, beta));
    y = loops::binary(BinaryOp::kAdd, y, bias);
  }
  const int64_t depth = c.in_extents(0)[ta ? 0 : 1];
  contract(c, {c.out_extents()[0], c.out_extents()[1], depth},
           c.load_buffer(c.input(0), ta ? Indices{k, m} : Indices{m, k}),
           c.load_buffer(c.input(1), tb ? Indices{n, k} : Indices{k, n}), y, {m, n});
  return Done{};
}

/// batch = (image, group), m = output pixel, n = channel in group, k = (channel, window) digits.
Status lower_conv(Context& c) {
  KASURI_RETURN_IF_ERROR(check_type(c));
  const Extents& x = c.in_extents(0);
  const Extents& w = c.in_extents(1);
  const int64_t groups = c.node().get_int("group", 1);
  const Window window = window_of(c.node(), x, c.out_extents(), Extents(w.begin() + 2, w.end()));
  const int64_t out_channels = w[0] / groups, in_channels = w[1];
  int64_t pixels = 1, depth = in_channels;
  for (size_t s = 0; s < window.rank(); ++s) pixels *= window.output[s], depth *= window.kernel[s];
  const Index image = loops::variable(0), group = loops::variable(1), pixel = loops::variable(2);
  const Index channel = loops::variable(3), k = loops::variable(4);
  const Indices point = delinearise(pixel, window.output);
  Extents taps = {in_channels};
  taps.insert(taps.end(), window.kernel.begin(), window.kernel.end());
  const Indices tap = delinearise(k, taps);
  Indices at = {image, loops::add(loops::mul(group, in_channels), tap[0])};
  Scalar inside;
  for (size_t s = 0; s < window.rank(); ++s) {
    at.push_back(window.at(s, point[s], tap[s + 1]));
    if (!window.may_leave(s)) continue;
    const Scalar here = in_range(at.back(), 0, window.input[s]);
    inside = inside ? loops::binary(BinaryOp::kAnd, inside, here) : here;
  }
  Scalar a = c.load_buffer(c.input(0), at);
  if (inside) a = loops::select(inside, a, number(c.in_type(0), 0));
  const Index filter = loops::add(loops::mul(group, out_channels), channel);
  Indices weight = {filter};
  weight.insert(weight.end(), tap.begin(), tap.end());
  Scalar y = accumulator(c.out_type());
  if (c.has_input(2)) y = loops::binary(BinaryOp::kAdd, y, c.load_buffer(c.input(2), {filter}));
  Indices to = {image, filter};
  to.insert(to.end(), point.begin(), point.end());
  contract(c, {x[0], groups, pixels, out_channels, depth}, a, c.load_buffer(c.input(1), weight), y,
           to);
  return Done{};
}

}  // namespace

void register_contraction_lowerings(Registry& r) {
  r.add("MatMul", lower_matmul);
  r.add("MatMulInteger", lower_matmul_integer);
  r.add("Gemm", lower_gemm);
  r.add("Conv", lower_conv);
}

}  // namespace kasuri::lower
