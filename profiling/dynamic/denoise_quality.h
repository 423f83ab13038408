#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kasuri::profiling {

/// Peak signal to noise ratio in decibels for values that span `range`; 100 where equal.
double psnr(std::span<const float> a, std::span<const float> b, double range);

/// Mean structural similarity over all windows of 7 x 7 (smaller images: the whole), of the last
/// two axes; the planes before them are averaged.
double ssim(std::span<const float> a, std::span<const float> b, const std::vector<int64_t>& extents,
            double range);

}  // namespace kasuri::profiling
