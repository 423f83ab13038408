#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/backend/reference/registry.h"
#include "engine/backend/reference/strided.h"
#include "engine/backend/reference/window.h"

// Pooling over any number of spatial axes.
namespace kasuri::reference {
namespace {

/// The spatial side of one pooling: which input elements each output position sees.
struct Pool {
  Window window;
  Extents spatial, out;
  int64_t images = 0;  // batch x channels

  Extents result(const Extents& x) const {
    Extents e = {x[0], x[1]};
    e.insert(e.end(), out.begin(), out.end());
    return e;
  }
};

Pool pool_of(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 3, "needs spatial axes, not {}", text_of(x.extents()));
  Pool p;
  p.spatial = Extents(x.extents().begin() + 2, x.extents().end());
  p.window = window_of(c, c.node().get_ints("kernel_shape"), p.spatial);
  const bool same = c.node().get_string("auto_pad", "NOTSET").starts_with("SAME");
  p.out = positions(c, p.window, p.spatial, c.node().get_int("ceil_mode", 0) != 0 && !same);
  p.images = x.extents()[0] * x.extents()[1];
  (void)c.scratch_count(p.out, sizeof(std::vector<int64_t>));
  (void)c.scratch_count(p.result(x.extents()));
  return p;
}

/// Calls f(offset) for each kernel point inside the image at position `at`.
template <typename F>
void for_each_point(const Pool& p, const Extents& at, F f) {
  const Strides strides = contiguous_strides(p.spatial);
  Extents k(at.size(), 0);
  do {
    int64_t offset = 0;
    bool inside = true;
    for (size_t d = 0; d < at.size(); ++d) {
      const int64_t i =
          at[d] * p.window.strides[d] + k[d] * p.window.dilations[d] - p.window.before[d];
      inside = inside && i >= 0 && i < p.spatial[d];
      offset += i * strides[d];
    }
    if (inside) f(offset);
  } while (advance(k, p.window.kernel));
}

/// Kernel points inside the image or its padding.
int64_t points_with_padding(const Pool& p, const Extents& at) {
  int64_t points = 1;
  for (size_t d = 0; d < at.size(); ++d) {
    int64_t n = 0;
    for (int64_t k = 0; k < p.window.kernel[d]; ++k) {
      const int64_t i =
          at[d] * p.window.strides[d] + k * p.window.dilations[d] - p.window.before[d];
      if (i >= -p.window.before[d] && i < p.spatial[d] + p.window.after[d]) ++n;
    }
    points *= n;
  }
  return points;
}

/// Offsets in the image seen by each output position.
std::vector<std::vector<int64_t>> visible(const Pool& p) {
  std::vector<std::vector<int64_t>> seen;
  if (product(p.out) == 0) return seen;
  Extents at(p.out.size(), 0);
  do {
    seen.emplace_back();
    for_each_point(p, at, [&](int64_t offset) { seen.back().push_back(offset); });
  } while (advance(at, p.out));
  return seen;
}

/// Position of a row-major offset when the spatial axes are stored column-major.
int64_t column_major(int64_t offset, const Extents& spatial) {
  int64_t out = 0, scale = product(spatial);
  for (size_t d = spatial.size(); d-- > 0;) {
    scale /= spatial[d];
    out += offset % spatial[d] * scale;
    offset /= spatial[d];
  }
  return out;
}

void max_pool(Context& c) {
  const Tensor& x = c.in(0);
  const Pool p = pool_of(c);
  const auto seen = visible(p);
  const int64_t n = product(p.spatial);
  const bool columns_first = c.node().get_int("storage_order", 0) != 0;
  const Extents extents = p.result(x.extents());
  std::vector<int64_t> indices;
  in_lane(x.dtype(), [&]<typename T>(T) {
    const std::vector<T> values = elements<T>(x);
    std::vector<T> out;
    out.reserve(static_cast<size_t>(c.scratch_count(extents)));
    for (int64_t image = 0; image < p.images; ++image)
      for (const std::vector<int64_t>& points : seen) {
        T best = std::numeric_limits<T>::lowest();
        int64_t where = -1;
        for (int64_t at : points) {
          const T v = values[static_cast<size_t>(image * n + at)];
          if (where < 0 || v > best || v != v) best = v, where = at;
        }
        out.push_back(best);
        if (c.wants(1))
          indices.push_back(
              where < 0 ? -1
                        : image * n + (columns_first ? column_major(where, p.spatial) : where));
      }
    c.set(0, c.pack(x.dtype(), extents, out));
  });
  if (c.wants(1)) c.set(1, c.pack(DataType::kInt64, extents, indices));
}

void average_pool(Context& c) {
  const Tensor& x = c.in(0);
  const Pool p = pool_of(c);
  const bool with_padding = c.node().get_int("count_include_pad", 0) != 0;
  const auto seen = visible(p);
  std::vector<double> divisors;
  Extents at(p.out.size(), 0);
  for (const std::vector<int64_t>& points : seen) {
    divisors.push_back(static_cast<double>(with_padding ? points_with_padding(p, at)
                                                        : static_cast<int64_t>(points.size())));
    advance(at, p.out);
  }
  const std::vector<double> values = elements<double>(x);
  const int64_t n = product(p.spatial);
  std::vector<double> out;
  for (int64_t image = 0; image < p.images; ++image)
    for (size_t i = 0; i < seen.size(); ++i) {
      double sum = 0;
      for (int64_t offset : seen[i]) sum += values[static_cast<size_t>(image * n + offset)];
      out.push_back(sum / divisors[i]);
    }
  c.set(0, c.pack(x.dtype(), p.result(x.extents()), out));
}

void lp_pool(Context& c) {
  const Tensor& x = c.in(0);
  const Pool p = pool_of(c);
  const auto power = static_cast<double>(c.node().get_int("p", 2));
  const auto seen = visible(p);
  const std::vector<double> values = elements<double>(x);
  const int64_t n = product(p.spatial);
  std::vector<double> out;
  for (int64_t image = 0; image < p.images; ++image)
    for (const std::vector<int64_t>& points : seen) {
      double sum = 0;
      for (int64_t at : points)
        sum += std::pow(std::fabs(values[static_cast<size_t>(image * n + at)]), power);
      out.push_back(std::pow(sum, 1 / power));
    }
  c.set(0, c.pack(x.dtype(), p.result(x.extents()), out));
}

/// One number per image from all its elements.
template <typename F>
void global_pool(Context& c, F f) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 2, "needs a batch and channels, not {}", text_of(x.extents()));
  const std::vector<double> values = elements<double>(x);
  const int64_t images = x.extents()[0] * x.extents()[1], n = product(x.extents(), 2);
  std::vector<double> out;
  for (int64_t image = 0; image < images; ++image)
    out.push_back(f(std::span<const double>(values).subspan(static_cast<size_t>(image * n),
                                                            static_cast<size_t>(n))));
  Extents extents(x.extents().size(), 1);
  extents[0] = x.extents()[0];
  extents[1] = x.extents()[1];
  c.set(0, c.pack(x.dtype(), extents, out));
}

void global_average_pool(Context& c) {
  global_pool(c, [](std::span<const double> image) {
    double sum = 0;
    for (double v : image) sum += v;
    return sum / static_cast<double>(image.size());
  });
}

void global_max_pool(Context& c) {
  global_pool(c, [](std::span<const double> image) {
    double best = -std::numeric_limits<double>::infinity();
    for (double v : image)
      if (v > best || std::isnan(v)) best = v;
    return best;
  });
}

void global_lp_pool(Context& c) {
  const auto p = static_cast<double>(c.node().get_int("p", 2));
  global_pool(c, [p](std::span<const double> image) {
    double sum = 0;
    for (double v : image) sum += std::pow(std::fabs(v), p);
    return std::pow(sum, 1 / p);
  });
}

void max_unpool(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 3, "needs spatial axes, not {}", text_of(x.extents()));
  const Extents spatial(x.extents().begin() + 2, x.extents().end());
  const Window w = window_of(c, c.node().get_ints("kernel_shape"), spatial);
  Extents inferred = {x.extents()[0], x.extents()[1]};
  for (size_t d = 0; d < spatial.size(); ++d)
    inferred.push_back((spatial[d] - 1) * w.strides[d] - w.before[d] - w.after[d] + w.kernel[d]);
  const Extents out = c.has(2) ? c.ints(2) : inferred;
  c.require(out.size() == inferred.size() && c.in(1).extents() == x.extents(), "output {} for {}",
            text_of(out), text_of(x.extents()));
  const std::vector<int64_t> indices = c.ints(1);
  const std::vector<double> values = elements<double>(x);
  std::vector<double> result(static_cast<size_t>(c.scratch_count(out)));
  const int64_t image = product(inferred, 2), columns = inferred.back();
  for (size_t i = 0; i < values.size(); ++i) {
    int64_t at = indices[i];
    c.require(at >= 0 && at < product(inferred), "index {} is outside {}", at, text_of(inferred));
    if (out != inferred && inferred.size() == 4)  // indices count in the inferred extents
      at = at / image * product(out, 2) + at % image / columns * out.back() + at % columns;
    c.require(at < static_cast<int64_t>(result.size()), "index {} is outside {}", at, text_of(out));
    result[static_cast<size_t>(at)] = values[i];
  }
  c.set(0, c.pack(x.dtype(), out, result));
}

}  // namespace

void register_pooling_kernels(Registry& r) {
  r.add("MaxPool", max_pool);
  r.add("AveragePool", average_pool);
  r.add("LpPool", lp_pool);
  r.add("GlobalAveragePool", global_average_pool);
  r.add("GlobalMaxPool", global_max_pool);
  r.add("GlobalLpPool", global_lp_pool);
  r.add("MaxUnpool", max_unpool);
}

}  // namespace kasuri::reference
