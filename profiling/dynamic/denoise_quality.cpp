#include "profiling/dynamic/denoise_quality.h"

#include <algorithm>
#include <cmath>

namespace kasuri::profiling {
namespace {

constexpr int64_t kWindow = 7;

struct Plane {
  std::span<const float> a, b;
  int64_t height, width;
};

double window_similarity(const Plane& plane, int64_t top, int64_t left, int64_t high, int64_t wide,
                         double range) {
  double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  for (int64_t y = top; y < top + high; ++y)
    for (int64_t x = left; x < left + wide; ++x) {
      const auto at = static_cast<size_t>(y * plane.width + x);
      const double p = plane.a[at], q = plane.b[at];
      a += p;
      b += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  const auto count = static_cast<double>(high * wide);
  a /= count;
  b /= count;
  const double va = aa / count - a * a, vb = bb / count - b * b, both = ab / count - a * b;
  const double c1 = 0.01 * range * 0.01 * range, c2 = 0.03 * range * 0.03 * range;
  return (2 * a * b + c1) * (2 * both + c2) / ((a * a + b * b + c1) * (va + vb + c2));
}

double plane_similarity(const Plane& plane, double range) {
  const int64_t high = std::min(kWindow, plane.height), wide = std::min(kWindow, plane.width);
  double sum = 0;
  for (int64_t y = 0; y + high <= plane.height; ++y)
    for (int64_t x = 0; x + wide <= plane.width; ++x)
      sum += window_similarity(plane, y, x, high, wide, range);
  return sum / static_cast<double>((plane.height - high + 1) * (plane.width - wide + 1));
}

}  // namespace

double psnr(std::span<const float> a, std::span<const float> b, double range) {
  double sum = 0;
  for (size_t k = 0; k < a.size(); ++k) {
    const double difference = static_cast<double>(a[k]) - b[k];
    sum += difference * difference;
  }
  const double mean = sum / static_cast<double>(std::max<size_t>(a.size(), 1));
  return std::min(100.0, 10 * std::log10(range * range / std::max(mean, 1e-30)));
}

double ssim(std::span<const float> a, std::span<const float> b, const std::vector<int64_t>& extents,
            double range) {
  if (extents.size() < 2 || a.empty()) return a.empty() ? 1 : 0;
  const int64_t height = extents[extents.size() - 2], width = extents.back();
  const auto size = static_cast<size_t>(height * width);
  double sum = 0;
  for (size_t at = 0; at + size <= a.size(); at += size)
    sum += plane_similarity({a.subspan(at, size), b.subspan(at, size), height, width}, range);
  return sum / static_cast<double>(a.size() / size);
}

}  // namespace kasuri::profiling
