#include <algorithm>
#include <cmath>

#include "engine/backend/reference/activations.h"
#include "engine/backend/reference/quantised_rows.h"
#include "engine/backend/reference/registry.h"

// com.microsoft::DynamicQuantizeLSTM: weights are codes; the input and, at every step, the state
// are quantised before they are multiplied.
namespace kasuri::reference {
namespace {

constexpr int64_t kGates = 4;  // input, output, forget, cell

/// Sizes and, per direction, weights as numbers: [directions, input or hidden, 4 * hidden].
struct Network {
  int64_t steps = 0, batch = 0, input = 0, hidden = 0, directions = 0;
  std::string direction;
  std::vector<double> x, w, r, bias, initial_h, initial_c;
  std::vector<int64_t> lengths;

  int64_t width() const { return kGates * hidden; }
  bool reversed(int64_t d) const { return direction == "reverse" || d == 1; }
};

/// (codes - zero) * scale, scale and zero one per direction or per direction and column.
std::vector<double> weights(Context& c, size_t input, size_t scale, int64_t directions) {
  const Tensor& codes = c.in(input);
  const int64_t columns = codes.extents()[2],
                each = codes.count() / std::max<int64_t>(1, directions);
  const std::vector<double> scales = elements<double>(c.in(scale));
  std::vector<double> zeros(scales.size(), 0), out = elements<double>(codes);
  if (c.has(scale + 1)) zeros = elements<double>(c.in(scale + 1));
  const auto n = static_cast<int64_t>(scales.size());
  c.require((n == directions || n == directions * columns) && zeros.size() == scales.size(),
            "{} scales and {} zero points for weights {}", n, zeros.size(),
            text_of(codes.extents()));
  for (int64_t i = 0; i < codes.count(); ++i) {
    const int64_t d = i / each;
    const auto at = static_cast<size_t>(n == directions ? d : d * columns + i % columns);
    double& v = out[static_cast<size_t>(i)];
    v = (v - zeros[at]) * scales[at];
  }
  return out;
}

std::vector<double> numbers_or_zeros(Context& c, size_t input, int64_t count) {
  if (!c.has(input)) return std::vector<double>(static_cast<size_t>(count), 0);
  c.require(c.in(input).count() == count, "input {} is {}", input, text_of(c.in(input).extents()));
  return elements<double>(c.in(input));
}

void require_plain(Context& c) {
  const Node& n = c.node();
  c.require(!c.has(7) && n.get_int("input_forget", 0) == 0 && n.get_float("clip", 0) == 0 &&
                !n.has("activations"),
            "peepholes, input_forget, clip and other activations are not supported");
}

Network network_of(Context& c) {
  require_plain(c);
  const Extents &x = c.in(0).extents(), &w = c.in(1).extents(), &r = c.in(2).extents();
  c.require(x.size() == 3 && w.size() == 3 && r.size() == 3, "X, W and R must have three axes");
  Network n;
  n.direction = c.node().get_string("direction", "forward");
  n.directions = n.direction == "bidirectional" ? 2 : 1;
  n.steps = x[0];
  n.batch = x[1];
  n.input = x[2];
  n.hidden = r[1];
  c.require(w == Extents({n.directions, n.input, n.width()}) &&
                r == Extents({n.directions, n.hidden, n.width()}),
            "X {}, W {} and R {} do not fit", text_of(x), text_of(w), text_of(r));
  n.w = weights(c, 1, 8, n.directions);
  n.r = weights(c, 2, 10, n.directions);
  n.x = elements<double>(c.in(0));
  snap_to_codes(n.x);
  n.bias = numbers_or_zeros(c, 3, n.directions * 2 * n.width());
  n.initial_h = numbers_or_zeros(c, 5, n.directions * n.batch * n.hidden);
  n.initial_c = numbers_or_zeros(c, 6, n.directions * n.batch * n.hidden);
  n.lengths = c.ints(4, std::vector<int64_t>(static_cast<size_t>(n.batch), n.steps));
  c.require(static_cast<int64_t>(n.lengths.size()) == n.batch, "{} lengths for a batch of {}",
            n.lengths.size(), n.batch);
  for (const int64_t length : n.lengths)
    c.require(length >= 0 && length <= n.steps, "length {} of {}", length, n.steps);
  return n;
}

/// gates += row matrix, the matrix [rows, gates].
void add_product(const double* row, int64_t rows, const double* matrix,
                 std::vector<double>& gates) {
  for (int64_t k = 0; k < rows; ++k)
    for (size_t j = 0; j < gates.size(); ++j)
      gates[j] += row[k] * matrix[static_cast<size_t>(k) * gates.size() + j];
}

/// Both states of one direction, [batch, hidden].
struct States {
  std::vector<double> h, c;
};

void advance(const Network& n, int64_t d, int64_t step, States& s) {
  std::vector<double> codes = s.h;
  snap_to_codes(codes);
  const auto hidden = static_cast<size_t>(n.hidden);
  for (int64_t b = 0; b < n.batch; ++b) {
    const int64_t length = n.lengths[static_cast<size_t>(b)];
    if (step >= length) continue;
    const int64_t t = n.reversed(d) ? length - 1 - step : step;
    const double* bias = n.bias.data() + d * 2 * n.width();
    std::vector<double> gates(bias, bias + n.width());
    for (size_t j = 0; j < gates.size(); ++j) gates[j] += bias[gates.size() + j];
    add_product(n.x.data() + (t * n.batch + b) * n.input, n.input,
                n.w.data() + d * n.input * n.width(), gates);
    add_product(codes.data() + b * n.hidden, n.hidden, n.r.data() + d * n.hidden * n.width(),
                gates);
    for (size_t j = 0; j < hidden; ++j) {
      const size_t at = static_cast<size_t>(b) * hidden + j;
      s.c[at] = sigmoid(gates[2 * hidden + j]) * s.c[at] +
                sigmoid(gates[j]) * std::tanh(gates[3 * hidden + j]);
      s.h[at] = static_cast<float>(sigmoid(gates[hidden + j]) * std::tanh(s.c[at]));
    }
  }
}

void quantised_lstm(Context& c) {
  const Network n = network_of(c);
  const int64_t block = n.batch * n.hidden;
  std::vector<double> y(static_cast<size_t>(n.steps * n.directions * block), 0), last_h, last_c;
  for (int64_t d = 0; d < n.directions; ++d) {
    const auto part = [&](const std::vector<double>& all) {
      return std::vector<double>(all.begin() + d * block, all.begin() + (d + 1) * block);
    };
    States s{part(n.initial_h), part(n.initial_c)};
    for (int64_t step = 0; step < n.steps; ++step) {
      c.poll();
      advance(n, d, step, s);
      for (int64_t b = 0; b < n.batch; ++b) {
        const int64_t length = n.lengths[static_cast<size_t>(b)];
        if (step >= length) continue;
        const int64_t t = n.reversed(d) ? length - 1 - step : step;
        std::copy_n(s.h.begin() + b * n.hidden, n.hidden,
                    y.begin() + ((t * n.directions + d) * n.batch + b) * n.hidden);
      }
    }
    last_h.insert(last_h.end(), s.h.begin(), s.h.end());
    last_c.insert(last_c.end(), s.c.begin(), s.c.end());
  }
  const DataType dtype = c.in(0).dtype();
  c.set(0, c.pack(dtype, {n.steps, n.directions, n.batch, n.hidden}, y));
  c.set(1, c.pack(dtype, {n.directions, n.batch, n.hidden}, last_h));
  c.set(2, c.pack(dtype, {n.directions, n.batch, n.hidden}, last_c));
}

}  // namespace

void register_quantised_recurrent_kernels(Registry& r) {
  r.add("com.microsoft", "DynamicQuantizeLSTM", quantised_lstm);
}

}  // namespace kasuri::reference
