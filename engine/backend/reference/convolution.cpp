#include "engine/backend/reference/convolution.h"

#include "engine/backend/reference/contraction.h"
#include "engine/backend/reference/elementwise.h"

namespace kasuri::reference {
namespace {

/// The input of a convolution as a matrix [channel and kernel point, output position].
class Patches {
 public:
  Patches(const Window& window, const Extents& spatial, const Extents& out, int64_t channels)
      : window_(window), spatial_(spatial), out_(out), spatial_count_(product(spatial)) {
    const int64_t points = product(window.kernel);
    const Strides strides = contiguous_strides(spatial);
    for (int64_t row = 0; row < channels * points; ++row) {
      Extents shift(spatial.size());
      int64_t point = row % points;
      for (size_t d = spatial.size(); d-- > 0; point /= window.kernel[d])
        shift[d] = point % window.kernel[d] * window.dilations[d] - window.before[d];
      shifts_.push_back(std::move(shift));
    }
    strides_ = strides;
    points_ = points;
  }

  void read(const double* x, Span rows, Span columns, double* out) const {
    Extents first(spatial_.size());
    int64_t position = columns.begin;
    for (size_t d = spatial_.size(); d-- > 0; position /= out_[d]) first[d] = position % out_[d];
    for (int64_t row = rows.begin; row < rows.end; ++row) {
      const double* channel = x + row / points_ * spatial_count_;
      read_row(channel, shifts_[static_cast<size_t>(row)], first, columns.size(), out);
      out += columns.size();
    }
  }

 private:
  void read_row(const double* channel, const Extents& shift, Extents at, int64_t count,
                double* out) const {
    const size_t last = spatial_.size() - 1;
    while (count > 0) {
      int64_t offset = 0;
      bool inside = true;
      for (size_t d = 0; d < last; ++d) {
        const int64_t i = at[d] * window_.strides[d] + shift[d];
        inside = inside && i >= 0 && i < spatial_[d];
        offset += i * strides_[d];
      }
      const int64_t run = std::min(count, out_[last] - at[last]);
      int64_t i = at[last] * window_.strides[last] + shift[last];
      for (int64_t n = 0; n < run; ++n, i += window_.strides[last])
        *out++ = inside && i >= 0 && i < spatial_[last] ? channel[offset + i] : 0;
      count -= run;
      at[last] += run - 1;
      if (!advance(at, out_)) return;
    }
  }

  const Window& window_;
  const Extents& spatial_;
  const Extents& out_;
  int64_t spatial_count_;
  int64_t points_ = 1;
  Strides strides_;
  std::vector<Extents> shifts_;
};

}  // namespace

Tensor convolved(const Context& c, const Tensor& x, const Tensor& w) {
  c.require(x.rank() >= 3 && x.rank() == w.rank(), "input {} with weights {}", text_of(x.extents()),
            text_of(w.extents()));
  const int64_t group = c.node().get_int("group", 1), batch = x.extents()[0];
  const int64_t channels = w.extents()[1], filters = w.extents()[0];
  c.require(group >= 1 && filters % group == 0 && channels * group == x.extents()[1],
            "input {} with weights {} in {} groups", text_of(x.extents()), text_of(w.extents()),
            group);
  const Extents spatial(x.extents().begin() + 2, x.extents().end());
  const Extents kernel(w.extents().begin() + 2, w.extents().end());
  const Window window = window_of(c, kernel, spatial);
  const Extents out_spatial = positions(c, window, spatial);
  Extents out = {batch, filters};
  out.insert(out.end(), out_spatial.begin(), out_spatial.end());
  const int64_t n = product(out_spatial), k = channels * product(kernel), m = filters / group;
  FreshTensor result = c.fresh(DataType::kDouble, out);
  const std::vector<double> data = elements<double>(x);
  const BlockReader weights = matrix_reader(w, 0, k, 1);
  const Patches patches(window, spatial, out_spatial, channels);
  for (int64_t g = 0; g < batch * group; ++g) {
    const double* image = data.data() + g * channels * product(spatial);
    const int64_t first_filter = g % group * m;
    contract(c,
             {m, n, k,
              [&](Span rows, Span columns, double* to) {
                weights({rows.begin + first_filter, rows.end + first_filter}, columns, to);
              },
              [&](Span rows, Span columns, double* to) { patches.read(image, rows, columns, to); }},
             result.data<double>() + g * m * n);
  }
  return result.tensor;
}

Tensor with_channel_bias(const Context& c, const Tensor& y, const Tensor& bias, DataType dtype) {
  Extents extents(static_cast<size_t>(y.rank() - 1), 1);
  extents[0] = y.extents()[1];
  c.require(bias.count() == extents[0], "{} biases for {} channels", bias.count(), extents[0]);
  return zip_elements<double>(c, y, bias.reshaped(extents), dtype,
                              [](double a, double b) { return a + b; });
}

}  // namespace kasuri::reference
