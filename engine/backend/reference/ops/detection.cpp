#include <algorithm>
#include <cmath>

#include "engine/backend/reference/registry.h"

// Boxes and regions of interest.
namespace kasuri::reference {
namespace {

struct Box {
  double y1, x1, y2, x2;
  double area() const { return (y2 - y1) * (x2 - x1); }
};

Box box_at(const std::vector<double>& boxes, int64_t index, bool centred) {
  const double* p = boxes.data() + index * 4;
  if (centred) return {p[1] - p[3] / 2, p[0] - p[2] / 2, p[1] + p[3] / 2, p[0] + p[2] / 2};
  return {std::fmin(p[0], p[2]), std::fmin(p[1], p[3]), std::fmax(p[0], p[2]),
          std::fmax(p[1], p[3])};
}

double overlap(const Box& a, const Box& b) {
  const double h = std::fmin(a.y2, b.y2) - std::fmax(a.y1, b.y1),
               w = std::fmin(a.x2, b.x2) - std::fmax(a.x1, b.x1);
  if (h <= 0 || w <= 0) return 0;
  const double together = a.area() + b.area() - h * w;
  return together > 0 ? h * w / together : 0;
}

void non_max_suppression(Context& c) {
  const Tensor &boxes = c.in(0), &scores = c.in(1);
  c.require(boxes.rank() == 3 && scores.rank() == 3 && boxes.extents()[2] == 4 &&
                boxes.extents()[0] == scores.extents()[0] &&
                boxes.extents()[1] == scores.extents()[2],
            "boxes {} and scores {}", text_of(boxes.extents()), text_of(scores.extents()));
  const int64_t most = c.integer(2, 0), classes = scores.extents()[1], n = boxes.extents()[1];
  const double threshold = c.number(3, 0);
  const bool centred = c.node().get_int("center_point_box", 0) != 0;
  const std::vector<double> box = elements<double>(boxes), score = elements<double>(scores);
  std::vector<int64_t> out;
  for (int64_t row = 0; row < scores.extents()[0] * classes; ++row) {
    c.poll();
    std::vector<int64_t> order, kept;
    for (int64_t i = 0; i < n; ++i)
      if (!c.has(4) || score[static_cast<size_t>(row * n + i)] > c.number(4, 0)) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
      return score[static_cast<size_t>(row * n + a)] > score[static_cast<size_t>(row * n + b)];
    });
    const int64_t first = row / classes * n;
    for (int64_t i : order) {
      if (static_cast<int64_t>(kept.size()) >= most) break;
      const Box candidate = box_at(box, first + i, centred);
      const bool clear = std::none_of(kept.begin(), kept.end(), [&](int64_t k) {
        return overlap(candidate, box_at(box, first + k, centred)) > threshold;
      });
      if (clear) kept.push_back(i);
    }
    for (int64_t k : kept) out.insert(out.end(), {row / classes, row % classes, k});
  }
  const auto found = static_cast<int64_t>(out.size() / 3);
  c.set(0, c.pack(DataType::kInt64, {found, 3}, out));
}

/// Corners and weights of bilinear interpolation at (y, x); outside by more than a pixel: nothing.
struct Bilinear {
  int64_t at[4];
  double weight[4];
};

Bilinear bilinear(double y, double x, int64_t height, int64_t width) {
  if (y < -1 || y > static_cast<double>(height) || x < -1 || x > static_cast<double>(width))
    return {{0, 0, 0, 0}, {0, 0, 0, 0}};
  const auto place = [](double v, int64_t extent, int64_t& low, int64_t& high) {
    v = std::fmax(v, 0);
    low = static_cast<int64_t>(v);
    if (low >= extent - 1) {
      low = high = extent - 1;
      return 0.0;
    }
    high = low + 1;
    return v - static_cast<double>(low);
  };
  int64_t y0, y1, x0, x1;
  const double fy = place(y, height, y0, y1), fx = place(x, width, x0, x1);
  return {{y0 * width + x0, y0 * width + x1, y1 * width + x0, y1 * width + x1},
          {(1 - fy) * (1 - fx), (1 - fy) * fx, fy * (1 - fx), fy * fx}};
}

/// Where a region's bins sample.
struct Region {
  double y, x, bin_h, bin_w;
  int64_t samples_y, samples_x;
};

Region region_of(Context& c, const double* roi, int64_t rows, int64_t columns) {
  const double scale = c.node().get_float("spatial_scale", 1);
  const bool half =
      c.node().get_string("coordinate_transformation_mode",
                          c.opset() < 16 ? "output_half_pixel" : "half_pixel") == "half_pixel";
  const double shift = half ? 0.5 : 0;
  Region r{roi[1] * scale - shift, roi[0] * scale - shift, 0, 0, 0, 0};
  double h = roi[3] * scale - shift - r.y, w = roi[2] * scale - shift - r.x;
  if (!half) h = std::fmax(h, 1), w = std::fmax(w, 1);
  r.bin_h = h / static_cast<double>(rows);
  r.bin_w = w / static_cast<double>(columns);
  const int64_t ratio = c.node().get_int("sampling_ratio", 0);
  c.require(std::fabs(r.bin_h) < 1e6 && std::fabs(r.bin_w) < 1e6, "a region is too large");
  r.samples_y = ratio > 0 ? ratio : static_cast<int64_t>(std::ceil(r.bin_h));
  r.samples_x = ratio > 0 ? ratio : static_cast<int64_t>(std::ceil(r.bin_w));
  c.require(r.samples_y < (1 << 14) && r.samples_x < (1 << 14), "{} by {} samples of a bin",
            r.samples_y, r.samples_x);
  return r;
}

double pooled(const double* image, int64_t height, int64_t width, const Region& r, int64_t row,
              int64_t column, bool maximum) {
  double sum = 0, top = 0;
  bool first = true;
  for (int64_t iy = 0; iy < r.samples_y; ++iy)
    for (int64_t ix = 0; ix < r.samples_x; ++ix) {
      const double y = r.y + (static_cast<double>(row) +
                              (static_cast<double>(iy) + 0.5) / static_cast<double>(r.samples_y)) *
                                 r.bin_h;
      const double x = r.x + (static_cast<double>(column) +
                              (static_cast<double>(ix) + 0.5) / static_cast<double>(r.samples_x)) *
                                 r.bin_w;
      const Bilinear b = bilinear(y, x, height, width);
      for (int k = 0; k < 4; ++k) {
        const double v = b.weight[k] * image[b.at[k]];
        sum += v;
        top = first ? v : std::fmax(top, v);
        first = false;
      }
    }
  return maximum ? top : sum / std::fmax(1, static_cast<double>(r.samples_y * r.samples_x));
}

void roi_align(Context& c) {
  const Tensor &x = c.in(0), &rois = c.in(1);
  const std::vector<int64_t> batch = c.ints(2);
  c.require(x.rank() == 4 && rois.rank() == 2 && rois.extents()[1] == 4 &&
                static_cast<int64_t>(batch.size()) == rois.extents()[0],
            "regions {} of {}", text_of(rois.extents()), text_of(x.extents()));
  const int64_t channels = x.extents()[1], height = x.extents()[2], width = x.extents()[3];
  const int64_t rows = c.node().get_int("output_height", 1),
                columns = c.node().get_int("output_width", 1);
  c.require(height > 0 && width > 0 && rows > 0 && columns > 0, "an image of {} by {}", height,
            width);
  const bool maximum = c.node().get_string("mode", "avg") == "max";
  const Extents extents = {rois.extents()[0], channels, rows, columns};
  (void)c.scratch_count(extents);
  const std::vector<double> image = elements<double>(x), roi = elements<double>(rois);
  std::vector<double> out;
  for (size_t n = 0; n < batch.size(); ++n) {
    c.require(batch[n] >= 0 && batch[n] < x.extents()[0], "batch index {} of {}", batch[n],
              x.extents()[0]);
    const Region r = region_of(c, roi.data() + n * 4, rows, columns);
    for (int64_t ch = 0; ch < channels; ++ch)
      for (int64_t i = 0; i < rows * columns; ++i) {
        c.poll();
        out.push_back(pooled(image.data() + (batch[n] * channels + ch) * height * width, height,
                             width, r, i / columns, i % columns, maximum));
      }
  }
  c.set(0, c.pack(x.dtype(), extents, out));
}

void max_roi_pool(Context& c) {
  const Tensor &x = c.in(0), &rois = c.in(1);
  const std::vector<int64_t> shape = c.node().get_ints("pooled_shape");
  c.require(x.rank() == 4 && rois.rank() == 2 && rois.extents()[1] == 5 && shape.size() == 2 &&
                shape[0] > 0 && shape[1] > 0,
            "regions {} of {}", text_of(rois.extents()), text_of(x.extents()));
  const double scale = c.node().get_float("spatial_scale", 1);
  const int64_t channels = x.extents()[1], height = x.extents()[2], width = x.extents()[3];
  (void)c.scratch_count({rois.extents()[0], channels, shape[0], shape[1]});
  const std::vector<double> image = elements<double>(x), roi = elements<double>(rois);
  std::vector<double> out;
  for (int64_t n = 0; n < rois.extents()[0]; ++n) {
    const double* p = roi.data() + n * 5;
    const auto b = static_cast<int64_t>(p[0]);
    c.require(b >= 0 && b < x.extents()[0], "batch index {} of {}", b, x.extents()[0]);
    const double left = std::round(p[1] * scale), top = std::round(p[2] * scale);
    const double w =
        std::fmax(std::round(p[3] * scale) - left + 1, 1) / static_cast<double>(shape[1]);
    const double h =
        std::fmax(std::round(p[4] * scale) - top + 1, 1) / static_cast<double>(shape[0]);
    const auto edge = [](double at, double start, int64_t extent) {
      return static_cast<int64_t>(std::clamp(at + start, 0.0, static_cast<double>(extent)));
    };
    for (int64_t ch = 0; ch < channels; ++ch)
      for (int64_t i = 0; i < shape[0] * shape[1]; ++i) {
        const auto row = static_cast<double>(i / shape[1]),
                   column = static_cast<double>(i % shape[1]);
        double best = 0;
        bool first = true;
        for (int64_t yy = edge(std::floor(row * h), top, height);
             yy < edge(std::ceil((row + 1) * h), top, height); ++yy)
          for (int64_t xx = edge(std::floor(column * w), left, width);
               xx < edge(std::ceil((column + 1) * w), left, width); ++xx) {
            const double v =
                image[static_cast<size_t>(((b * channels + ch) * height + yy) * width + xx)];
            best = first ? v : std::fmax(best, v);
            first = false;
          }
        out.push_back(best);
      }
  }
  c.set(0, c.pack(x.dtype(), {rois.extents()[0], channels, shape[0], shape[1]}, out));
}

}  // namespace

void register_detection_kernels(Registry& r) {
  r.add("NonMaxSuppression", non_max_suppression);
  r.add("RoiAlign", roi_align);
  r.add("MaxRoiPool", max_roi_pool);
}

}  // namespace kasuri::reference
