#pragma once

#include <cstdint>

namespace kasuri::cpu {

/// tile [rows][64] = x [rows][k], rows `stride` apart, times one panel [k][64]; sums in the order
/// of k.
using MultiplyPanel = void (*)(const float* x, int64_t stride, const float* panel, int64_t k,
                               float* tile);

constexpr int64_t kPanelColumns = 64;
/// So many rows by 64 columns of sums fit the registers.
constexpr int64_t kPanelRows = 6;

/// For 1 <= rows <= kPanelRows; null where the program was not built for, or the processor does not
/// have, registers of 64 bytes.
MultiplyPanel panel_product(int64_t rows);

}  // namespace kasuri::cpu
