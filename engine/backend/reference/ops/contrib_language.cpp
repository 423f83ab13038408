#include <algorithm>
#include <cmath>

#include "engine/backend/reference/activations.h"
#include "engine/backend/reference/attention.h"
#include "engine/backend/reference/elementwise.h"
#include "engine/backend/reference/matmul.h"
#include "engine/backend/reference/registry.h"

// Operators of com.microsoft that ONNX Runtime fuses language models into.
namespace kasuri::reference {
namespace {

constexpr auto kPlus = [](double a, double b) { return a + b; };

/// F(x + bias), the bias optional.
template <auto F>
void biased(Context& c) {
  const Tensor& x = c.in(0);
  if (!c.has(1)) return c.set(0, map_elements<double>(c, x, x.dtype(), F));
  c.set(0, zip_elements<double>(c, x, c.in(1), x.dtype(),
                                [](double v, double b) { return F(v + b); }));
}

void quick_gelu(Context& c) {
  const double alpha = c.node().get_float("alpha", 1.702f);
  c.set(0, map_elements<double>(c, c.in(0), c.in(0).dtype(),
                                [&](double x) { return x * sigmoid(alpha * x); }));
}

/// Layer normalisation over the last axis; `rms` leaves the mean in.
std::vector<double> normalised(Context& c, const Tensor& x, const Tensor& gamma, const Tensor* beta,
                               bool rms, double epsilon) {
  const int64_t n = x.extents().back();
  c.require(gamma.count() == n && (!beta || beta->count() == n), "{} scales for rows of {}",
            gamma.count(), n);
  std::vector<double> v = elements<double>(x);
  const std::vector<double> scale = elements<double>(gamma),
                            shift = beta ? elements<double>(*beta)
                                         : std::vector<double>(static_cast<size_t>(n), 0);
  for (size_t first = 0; first < v.size() && n > 0; first += static_cast<size_t>(n)) {
    double mean = 0, square = 0;
    for (size_t i = 0; i < static_cast<size_t>(n) && !rms; ++i)
      mean += v[first + i] / static_cast<double>(n);
    for (size_t i = 0; i < static_cast<size_t>(n); ++i)
      square += (v[first + i] - mean) * (v[first + i] - mean) / static_cast<double>(n);
    const double factor = 1 / std::sqrt(square + epsilon);
    for (size_t i = 0; i < static_cast<size_t>(n); ++i)
      v[first + i] = (v[first + i] - mean) * factor * scale[i] + shift[i];
  }
  return v;
}

void skip_layer_normalization(Context& c) {
  const bool rms = c.node().op.name.find("Simplified") != std::string::npos;
  const size_t bias = rms ? 3 : 4;
  Tensor sum = zip_elements<double>(c, c.in(0), c.in(1), DataType::kDouble, kPlus);
  if (c.has(bias)) sum = zip_elements<double>(c, sum, c.in(bias), DataType::kDouble, kPlus);
  c.require(sum.rank() >= 1, "needs rows");
  const Tensor* beta = !rms && c.has(3) ? &c.in(3) : nullptr;
  const DataType dtype = c.in(0).dtype();
  c.set(0, c.pack(dtype, sum.extents(),
                  normalised(c, sum, c.in(2), beta, rms, c.node().get_float("epsilon", 1e-12f))));
  if (c.wants(3)) c.set(3, map_elements<double>(c, sum, dtype, [](double v) { return v; }));
}

/// Rows of `table` added to x where index i says.
void add_rows(Context& c, std::vector<double>& x, const Tensor& table,
              const std::vector<int64_t>& rows, int64_t width) {
  c.require(table.rank() == 2 && table.extents()[1] == width, "a table of {}",
            text_of(table.extents()));
  for (size_t i = 0; i < rows.size(); ++i) {
    c.require(rows[i] >= 0 && rows[i] < table.extents()[0], "index {} of {}", rows[i],
              table.extents()[0]);
    std::vector<double> row(static_cast<size_t>(width));
    read_elements<double>(table, rows[i] * width, row);
    for (size_t k = 0; k < row.size(); ++k) x[i * row.size() + k] += row[k];
  }
}

void embed_layer_normalization(Context& c) {
  const Tensor &ids = c.in(0), &words = c.in(2);
  c.require(ids.rank() == 2 && words.rank() == 2, "ids {} and words {}", text_of(ids.extents()),
            text_of(words.extents()));
  const int64_t batch = ids.extents()[0], length = ids.extents()[1], width = words.extents()[1];
  std::vector<double> sum(static_cast<size_t>(c.scratch_count({batch, length, width})), 0);
  std::vector<int64_t> positions = c.ints(8);
  if (positions.empty())
    for (int64_t i = 0; i < batch * length; ++i) positions.push_back(i % length);
  while (static_cast<int64_t>(positions.size()) < batch * length &&
         static_cast<int64_t>(positions.size()) % length == 0 && length > 0)
    positions.insert(positions.end(), positions.begin(), positions.begin() + length);
  c.require(static_cast<int64_t>(positions.size()) == batch * length, "{} positions",
            positions.size());
  add_rows(c, sum, words, c.ints(0), width);
  add_rows(c, sum, c.in(3), positions, width);
  if (c.has(1) && c.has(4)) add_rows(c, sum, c.in(4), c.ints(1), width);
  const Tensor all = c.pack(DataType::kDouble, {batch, length, width}, sum);
  c.set(0, c.pack(words.dtype(), all.extents(),
                  normalised(c, all, c.in(5), &c.in(6), false,
                             c.node().get_float("epsilon", 1e-12f))));
  std::vector<int64_t> counts(static_cast<size_t>(batch), 0);
  const std::vector<int64_t> mask = c.ints(7);
  for (size_t i = 0; i < mask.size(); ++i) counts[i / static_cast<size_t>(length)] += mask[i] == 1;
  c.set(1, c.pack(DataType::kInt32, {batch}, counts));
  if (c.wants(2)) c.set(2, c.pack(words.dtype(), all.extents(), sum));
}

/// Which keys a query may see, from the several forms of mask_index.
class KeyMask {
 public:
  KeyMask(Context& c, size_t input, int64_t batch, int64_t queries, int64_t keys)
      : queries_(queries), keys_(keys) {
    if (!c.has(input)) return;
    mask_ = c.ints(input);
    const Extents& e = c.in(input).extents();
    rank_ = static_cast<int>(e.size());
    const bool known = (rank_ == 1 && (e[0] == batch || e[0] == 2 * batch)) ||
                       (rank_ == 2 && e == Extents({batch, keys})) ||
                       (rank_ == 3 && e == Extents({batch, queries, keys}));
    c.require(known, "a mask of {} is not supported", text_of(e));
    starts_ = rank_ == 1 && e[0] == 2 * batch;
    batch_ = batch;
  }
  bool visible(int64_t b, int64_t i, int64_t j) const {
    if (mask_.empty()) return true;
    if (rank_ == 3) return mask_[static_cast<size_t>((b * queries_ + i) * keys_ + j)] != 0;
    if (rank_ == 2) return mask_[static_cast<size_t>(b * keys_ + j)] != 0;
    return j < mask_[static_cast<size_t>(b)] &&
           (!starts_ || j >= mask_[static_cast<size_t>(batch_ + b)]);
  }

 private:
  int64_t queries_, keys_, batch_ = 0;
  int rank_ = 0;
  bool starts_ = false;
  std::vector<int64_t> mask_;
};

Tensor columns(Context& c, const Tensor& x, int64_t begin, int64_t width) {
  Extents out = x.extents();
  out.back() = width;
  return strided_copy(c, x, out, contiguous_strides(x.extents()), begin);
}

void finish(Context& c, const Heads& q, const Heads& k, const Heads& v, const KeyMask& mask,
            int64_t past, bool causal, DataType dtype) {
  const double scale = c.node().get_float("scale", 0),
               filter = c.node().get_float("mask_filter_value", -10000.0f);
  Heads s = scores(c, q, k, scale != 0 ? scale : 1 / std::sqrt(static_cast<double>(q.size)));
  for (int64_t b = 0; b < s.batch; ++b)
    for (int64_t h = 0; h < s.heads; ++h)
      for (int64_t i = 0; i < s.length; ++i) {
        for (int64_t j = 0; j < s.size; ++j)
          if (!mask.visible(b, i, j) || (causal && j > i + past))
            s.row(b, h, i)[j] += causal && j > i + past ? -INFINITY : filter;
        softmax_row(s.row(b, h, i), s.size);
      }
  c.set(0, tensor_of(c, weighted(c, s, v), dtype, true));
}

void attention(Context& c) {
  const int64_t heads = c.node().get_int("num_heads", 0);
  const DataType dtype = c.in(0).dtype();
  c.require(c.in(0).rank() == 3 && heads > 0 && !c.has(5),
            "needs rank 3 input and heads; relative positions are not supported");
  Tensor all = matrix_product(c, c.in(0), c.in(1), DataType::kDouble);
  if (c.has(2)) all = zip_elements<double>(c, all, c.in(2), DataType::kDouble, kPlus);
  std::vector<int64_t> sizes = c.node().get_ints("qkv_hidden_sizes");
  if (sizes.empty()) sizes.assign(3, all.extents().back() / 3);
  c.require(sizes.size() == 3 && sizes[0] + sizes[1] + sizes[2] == all.extents().back(),
            "hidden sizes do not fit");
  const Heads q = heads_of(c, columns(c, all, 0, sizes[0]), heads);
  Heads k = heads_of(c, columns(c, all, sizes[0], sizes[1]), heads),
        v = heads_of(c, columns(c, all, sizes[0] + sizes[1], sizes[2]), heads);
  int64_t past = 0;
  if (c.has(4)) {
    const Tensor& both = c.in(4);
    c.require(both.rank() == 5 && both.extents()[0] == 2, "past is {}", text_of(both.extents()));
    const std::vector<double> values = elements<double>(both);
    const auto half = static_cast<int64_t>(values.size() / 2);
    const Extents& e = both.extents();
    past = e[3];
    k = appended(c, {e[1], e[2], e[3], e[4], {values.begin(), values.begin() + half}}, k);
    v = appended(c, {e[1], e[2], e[3], e[4], {values.begin() + half, values.end()}}, v);
  }
  if (c.wants(1)) {
    std::vector<double> present = k.values;
    present.insert(present.end(), v.values.begin(), v.values.end());
    c.set(1, c.pack(dtype, {2, k.batch, k.heads, k.length, k.size}, present));
  }
  finish(c, q, k, v, KeyMask(c, 3, q.batch, q.length, k.length), past,
         c.node().get_int("unidirectional", 0) != 0, dtype);
}

void multi_head_attention(Context& c) {
  const int64_t heads = c.node().get_int("num_heads", 0);
  c.require(c.has(1) && c.has(2) && c.in(0).rank() == 3 && !c.has(5),
            "packed inputs and attention bias are not supported");
  Tensor parts[3];
  int64_t begin = 0;
  for (size_t i = 0; i < 3; ++i) {
    parts[i] = c.in(i);
    if (c.has(3) && parts[i].rank() == 3) {
      const int64_t width = parts[i].extents().back();
      parts[i] = zip_elements<double>(c, parts[i], columns(c, c.in(3), begin, width),
                                      DataType::kDouble, kPlus);
      begin += width;
    }
  }
  const Heads q = heads_of(c, parts[0], heads);
  Heads k = heads_of(c, parts[1], heads), v = heads_of(c, parts[2], heads);
  int64_t past = 0;
  if (c.has(6)) {
    past = c.in(6).extents().at(2);
    k = appended(c, heads_of(c, c.in(6), heads), k);
    v = appended(c, heads_of(c, c.in(7), heads), v);
  }
  if (c.wants(1)) c.set(1, tensor_of(c, k, c.in(0).dtype(), false));
  if (c.wants(2)) c.set(2, tensor_of(c, v, c.in(0).dtype(), false));
  finish(c, q, k, v, KeyMask(c, 4, q.batch, q.length, k.length), past,
         c.node().get_int("unidirectional", 0) != 0, c.in(0).dtype());
}

}  // namespace

void register_contrib_language_kernels(Registry& r) {
  const auto add = [&](const char* op, KernelFunction kernel) {
    r.add("com.microsoft", op, kernel);
  };
  add("Gelu", biased<gelu_erf>);
  add("BiasGelu", biased<gelu_erf>);
  add("FastGelu", biased<gelu_tanh>);
  add("QuickGelu", quick_gelu);
  add("SkipLayerNormalization", skip_layer_normalization);
  add("SkipSimplifiedLayerNormalization", skip_layer_normalization);
  add("EmbedLayerNormalization", embed_layer_normalization);
  add("Attention", attention);
  add("MultiHeadAttention", multi_head_attention);
}

}  // namespace kasuri::reference
