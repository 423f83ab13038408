#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/backend/reference/registry.h"
#include "engine/backend/reference/strided.h"

// Normalisations: statistics in double over whole groups of elements.
namespace kasuri::reference {
namespace {

struct Moments {
  double mean = 0, variance = 0;  // of the population
};

Moments moments_of(std::span<const double> values) {
  Moments m;
  const auto n = static_cast<double>(values.size());
  for (double v : values) m.mean += v;
  m.mean /= n;
  for (double v : values) m.variance += (v - m.mean) * (v - m.mean);
  m.variance /= n;
  return m;
}

std::vector<double> channel_numbers(Context& c, size_t i, int64_t channels) {
  c.require(c.in(i).count() == channels, "input {} has {} numbers for {} channels", i,
            c.in(i).count(), channels);
  return elements<double>(c.in(i));
}

struct Statistics {
  std::vector<double> mean, variance;
};

/// Statistics of each channel of x [N, C, ...].
Statistics channel_statistics(const std::vector<double>& x, int64_t batch, int64_t channels,
                              int64_t n) {
  Statistics s;
  for (int64_t ch = 0; ch < channels; ++ch) {
    std::vector<double> all;
    for (int64_t b = 0; b < batch; ++b)
      for (int64_t i = 0; i < n; ++i)
        all.push_back(x[static_cast<size_t>((b * channels + ch) * n + i)]);
    const Moments m = moments_of(all);
    s.mean.push_back(m.mean);
    s.variance.push_back(m.variance);
  }
  return s;
}

void set_running(Context& c, size_t output, size_t input, const std::vector<double>& now) {
  const double keep = c.node().get_float("momentum", 0.9f);
  std::vector<double> running = elements<double>(c.in(input));
  for (size_t i = 0; i < running.size(); ++i) running[i] = keep * running[i] + (1 - keep) * now[i];
  c.set(output, c.pack(c.in(input).dtype(), c.in(input).extents(), running));
}

/// Before training_mode came, training was asked for by naming the outputs only it has.
bool is_training(const Context& c) {
  if (c.opset() >= 14) return c.node().get_int("training_mode", 0) != 0;
  return c.wants(1) && (c.opset() >= 7 || c.node().get_int("is_test", 0) == 0);
}

void batch_normalization(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 1, "needs a batch axis");
  const int64_t batch = x.extents()[0], channels = x.rank() > 1 ? x.extents()[1] : 1;
  const int64_t n = product(x.extents(), 2);
  const std::vector<double> scale = channel_numbers(c, 1, channels),
                            bias = channel_numbers(c, 2, channels);
  Statistics s{channel_numbers(c, 3, channels), channel_numbers(c, 4, channels)};
  std::vector<double> values = elements<double>(x);
  if (is_training(c)) {
    s = channel_statistics(values, batch, channels, n);
    set_running(c, 1, 3, s.mean);
    set_running(c, 2, 4, s.variance);
    if (c.wants(3)) c.set(3, c.pack(c.in(3).dtype(), c.in(3).extents(), s.mean));
    if (c.wants(4)) c.set(4, c.pack(c.in(4).dtype(), c.in(4).extents(), s.variance));
  }
  const double epsilon = c.node().get_float("epsilon", 1e-5f);
  for (int64_t i = 0; i < static_cast<int64_t>(values.size()); ++i) {
    const auto ch = static_cast<size_t>(i / n % channels);
    double& v = values[static_cast<size_t>(i)];
    v = (v - s.mean[ch]) / std::sqrt(s.variance[ch] + epsilon) * scale[ch] + bias[ch];
  }
  c.set(0, c.pack(x.dtype(), x.extents(), values));
}

/// Normalises consecutive runs of `n` elements, then applies f(normalised, flat index).
template <typename F>
void normalise_runs(Context& c, int64_t n, F f) {
  const Tensor& x = c.in(0);
  const double epsilon = c.node().get_float("epsilon", 1e-5f);
  std::vector<double> values = elements<double>(x);
  for (size_t first = 0; first + static_cast<size_t>(n) <= values.size() && n > 0;
       first += static_cast<size_t>(n)) {
    const Moments m =
        moments_of(std::span<const double>(values).subspan(first, static_cast<size_t>(n)));
    const double factor = 1 / std::sqrt(m.variance + epsilon);
    for (size_t i = first; i < first + static_cast<size_t>(n); ++i)
      values[i] = f((values[i] - m.mean) * factor, static_cast<int64_t>(i));
  }
  c.set(0, c.pack(x.dtype(), x.extents(), values));
}

void instance_normalization(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 3, "needs spatial axes, not {}", text_of(x.extents()));
  const int64_t channels = x.extents()[1], n = product(x.extents(), 2);
  const std::vector<double> scale = channel_numbers(c, 1, channels),
                            bias = channel_numbers(c, 2, channels);
  normalise_runs(c, n, [&](double v, int64_t i) {
    const auto ch = static_cast<size_t>(i / n % channels);
    return v * scale[ch] + bias[ch];
  });
}

void group_normalization(Context& c) {
  const Tensor& x = c.in(0);
  const int64_t groups = c.node().get_int("num_groups", 1);
  c.require(x.rank() >= 2 && groups > 0 && x.extents()[1] % groups == 0, "{} in {} groups",
            text_of(x.extents()), groups);
  const int64_t channels = x.extents()[1], n = product(x.extents(), 2),
                per_group = channels / groups;
  const bool by_group = c.opset() < 21;
  const std::vector<double> scale = channel_numbers(c, 1, by_group ? groups : channels);
  const std::vector<double> bias = channel_numbers(c, 2, by_group ? groups : channels);
  normalise_runs(c, n * per_group, [&](double v, int64_t i) {
    const int64_t ch = i / n % channels;
    const auto at = static_cast<size_t>(by_group ? ch / per_group : ch);
    return v * scale[at] + bias[at];
  });
}

/// Input i broadcast to x, as numbers; `fallback` everywhere where it is absent.
std::vector<double> broadcast_numbers(Context& c, size_t i, double fallback) {
  const Extents& to = c.in(0).extents();
  if (!c.has(i)) return std::vector<double>(static_cast<size_t>(c.in(0).count()), fallback);
  const Tensor& t = c.in(i);
  c.require(broadcast(c, {t.extents(), to}) == to, "input {} {} does not broadcast to {}", i,
            text_of(t.extents()), text_of(to));
  return elements<double>(strided_copy(c, t, to, broadcast_strides(t.extents(), to)));
}

void layer_normalization(Context& c) {
  const Tensor& x = c.in(0);
  const auto axis = static_cast<size_t>(c.axis(c.node().get_int("axis", -1), x.rank()));
  const int64_t n = product(x.extents(), axis);
  const std::vector<double> scale = broadcast_numbers(c, 1, 1), bias = broadcast_numbers(c, 2, 0);
  normalise_runs(c, n, [&](double v, int64_t i) {
    return v * scale[static_cast<size_t>(i)] + bias[static_cast<size_t>(i)];
  });
  if (!c.wants(1) && !c.wants(2)) return;
  const double epsilon = c.node().get_float("epsilon", 1e-5f);
  const std::vector<double> values = elements<double>(x);
  std::vector<double> mean, inverse;
  for (size_t first = 0; n > 0 && first < values.size(); first += static_cast<size_t>(n)) {
    const Moments m =
        moments_of(std::span<const double>(values).subspan(first, static_cast<size_t>(n)));
    mean.push_back(m.mean);
    inverse.push_back(1 / std::sqrt(m.variance + epsilon));
  }
  Extents kept = x.extents();
  std::fill(kept.begin() + static_cast<int64_t>(axis), kept.end(), 1);
  const DataType dtype = c.node().get_int("stash_type", 1) == 1 && x.dtype() != DataType::kDouble
                             ? DataType::kFloat
                             : x.dtype();
  c.set(1, c.pack(dtype, kept, mean));
  c.set(2, c.pack(dtype, kept, inverse));
}

void rms_normalization(Context& c) {
  const Tensor& x = c.in(0);
  const auto axis = static_cast<size_t>(c.axis(c.node().get_int("axis", -1), x.rank()));
  const auto n = static_cast<size_t>(product(x.extents(), axis));
  const double epsilon = c.node().get_float("epsilon", 1e-5f);
  const std::vector<double> scale = broadcast_numbers(c, 1, 1);
  std::vector<double> values = elements<double>(x);
  for (size_t first = 0; n > 0 && first < values.size(); first += n) {
    double sum = 0;
    for (size_t i = first; i < first + n; ++i) sum += values[i] * values[i];
    const double factor = 1 / std::sqrt(sum / static_cast<double>(n) + epsilon);
    for (size_t i = first; i < first + n; ++i) values[i] *= factor * scale[i];
  }
  c.set(0, c.pack(c.has(1) ? c.in(1).dtype() : x.dtype(), x.extents(), values));
}

void lrn(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 2, "needs channels, not {}", text_of(x.extents()));
  const int64_t size = c.node().get_int("size", 1), channels = x.extents()[1],
                n = product(x.extents(), 2);
  c.require(size >= 1, "size {}", size);
  const double alpha = c.node().get_float("alpha", 1e-4f), beta = c.node().get_float("beta", 0.75f),
               bias = c.node().get_float("bias", 1.0f);
  const std::vector<double> in = elements<double>(x);
  std::vector<double> out(in.size());
  for (int64_t i = 0; i < static_cast<int64_t>(in.size()); ++i) {
    const int64_t ch = i / n % channels;
    double sum = 0;
    for (int64_t k = std::max<int64_t>(0, ch - (size - 1) / 2);
         k <= std::min(channels - 1, ch + size / 2); ++k) {
      const double v = in[static_cast<size_t>(i + (k - ch) * n)];
      sum += v * v;
    }
    out[static_cast<size_t>(i)] =
        in[static_cast<size_t>(i)] / std::pow(bias + alpha / static_cast<double>(size) * sum, beta);
  }
  c.set(0, c.pack(x.dtype(), x.extents(), out));
}

void lp_normalization(Context& c) {
  const Tensor& x = c.in(0);
  const auto axis = static_cast<size_t>(c.axis(c.node().get_int("axis", -1), x.rank()));
  const int64_t p = c.node().get_int("p", 2), extent = x.extents()[axis],
                inner = product(x.extents(), axis + 1);
  std::vector<double> v = elements<double>(x);
  for (int64_t o = 0; o < product(x.extents(), 0, axis); ++o)
    for (int64_t i = 0; i < inner; ++i) {
      double norm = 0;
      const auto at = [&](int64_t k) { return static_cast<size_t>((o * extent + k) * inner + i); };
      for (int64_t k = 0; k < extent; ++k)
        norm += p == 1 ? std::fabs(v[at(k)]) : v[at(k)] * v[at(k)];
      if (p == 2) norm = std::sqrt(norm);
      for (int64_t k = 0; k < extent; ++k) v[at(k)] = norm == 0 ? 0 : v[at(k)] / norm;
    }
  c.set(0, c.pack(x.dtype(), x.extents(), v));
}

void mean_variance_normalization(Context& c) {
  const Tensor& x = c.in(0);
  std::vector<int> last = c.axes(c.node().get_ints("axes", {0, 2, 3}), x.rank()), order;
  for (int d = 0; d < x.rank(); ++d)
    if (std::find(last.begin(), last.end(), d) == last.end()) order.push_back(d);
  int64_t n = 1;
  for (int d : last) n *= x.extents()[static_cast<size_t>(d)];
  order.insert(order.end(), last.begin(), last.end());
  const Tensor grouped = transposed(c, x, order);
  std::vector<double> v = elements<double>(grouped);
  for (size_t first = 0; n > 0 && first < v.size(); first += static_cast<size_t>(n)) {
    const Moments m = moments_of(std::span<const double>(v).subspan(first, static_cast<size_t>(n)));
    for (size_t i = first; i < first + static_cast<size_t>(n); ++i)
      v[i] = (v[i] - m.mean) / (std::sqrt(m.variance) + 1e-9);
  }
  std::vector<int> back(order.size());
  for (size_t i = 0; i < order.size(); ++i)
    back[static_cast<size_t>(order[i])] = static_cast<int>(i);
  c.set(0, transposed(c, c.pack(x.dtype(), grouped.extents(), v), back));
}

void image_scaler(Context& c) {
  const Tensor& x = c.in(0);
  const double scale = c.node().get_float("scale", 1.0f);
  const std::vector<float> bias = c.node().get_floats("bias");
  c.require(x.rank() == 4 && static_cast<int64_t>(bias.size()) == x.extents()[1],
            "{} biases for {}", bias.size(), text_of(x.extents()));
  std::vector<double> v = elements<double>(x);
  const size_t n = static_cast<size_t>(product(x.extents(), 2));
  for (size_t i = 0; i < v.size(); ++i) v[i] = v[i] * scale + bias[i / n % bias.size()];
  c.set(0, c.pack(x.dtype(), x.extents(), v));
}

}  // namespace

void register_normalisation_kernels(Registry& r) {
  r.add("BatchNormalization", batch_normalization);
  r.add("InstanceNormalization", instance_normalization);
  r.add("GroupNormalization", group_normalization);
  r.add("LayerNormalization", layer_normalization);
  r.add("RMSNormalization", rms_normalization);
  r.add("SimplifiedLayerNormalization", rms_normalization);
  r.add("com.microsoft", "SimplifiedLayerNormalization", rms_normalization);
  r.add("LRN", lrn);
  r.add("LpNormalization", lp_normalization);
  r.add("MeanVarianceNormalization", mean_variance_normalization);
  r.add("ImageScaler", image_scaler);
}

}  // namespace kasuri::reference
