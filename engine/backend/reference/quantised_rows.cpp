#include "engine/backend/reference/quantised_rows.h"

#include <algorithm>
#include <cmath>

namespace kasuri::reference {

void snap_to_codes(std::span<double> values) {
  float low = 0, high = 0;
  for (const double v : values) {
    low = std::fmin(low, static_cast<float>(v));
    high = std::fmax(high, static_cast<float>(v));
  }
  const float scale = high == low ? 1.0f : (high - low) / 255.0f;
  const double zero = std::nearbyint(std::clamp(static_cast<double>(-low / scale), 0.0, 255.0));
  for (double& v : values) {
    const double code = std::nearbyint(static_cast<float>(v) / scale) + zero;
    v = (std::clamp(std::isnan(code) ? zero : code, 0.0, 255.0) - zero) * scale;
  }
}

}  // namespace kasuri::reference
