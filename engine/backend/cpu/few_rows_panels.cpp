// Built for AVX-512 whatever the rest is built for (engine/CMakeLists.txt), so nothing of other
// headers is used here that might be shared with the rest.
#include "engine/backend/cpu/few_rows_panels.h"

namespace kasuri::cpu {

#ifdef __AVX512F__

namespace {

constexpr int kLanes = 16, kVectors = kPanelColumns / kLanes;
using Lanes = float __attribute__((vector_size(kLanes * 4), aligned(4), may_alias));

template <int rows>
void multiply(const float* x, int64_t stride, const float* panel, int64_t k, float* tile) {
  Lanes sums[rows][kVectors] = {};
  for (int64_t i = 0; i < k; ++i, panel += kPanelColumns) {
    const auto* w = reinterpret_cast<const Lanes*>(panel);
    const Lanes w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3];
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r) {
      const Lanes v = Lanes{} + x[r * stride + i];
      sums[r][0] += v * w0;
      sums[r][1] += v * w1;
      sums[r][2] += v * w2;
      sums[r][3] += v * w3;
    }
  }
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < kVectors; ++c)
      reinterpret_cast<Lanes*>(tile + r * kPanelColumns)[c] = sums[r][c];
}

}  // namespace

MultiplyPanel panel_product(int64_t rows) {
  static const bool has_registers = __builtin_cpu_supports("avx512f") != 0;
  static constexpr MultiplyPanel kProducts[kPanelRows] = {multiply<1>, multiply<2>, multiply<3>,
                                                          multiply<4>, multiply<5>, multiply<6>};
  return has_registers ? kProducts[rows - 1] : nullptr;
}

#else

MultiplyPanel panel_product(int64_t) { return nullptr; }

#endif

}  // namespace kasuri::cpu
