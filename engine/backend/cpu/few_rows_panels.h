#pragma once

#include <cstdint>

namespace kasuri::cpu {

/// x [rows][k] times `other`, to [rows][..]; strides in elements between what follows in the first
/// axis. Every sum runs in an order that k alone decides.
struct RowsOperands {
  const float* x;
  int64_t x_stride;
  const float* other;
  int64_t other_stride;
  int64_t k;
  float* to;
  int64_t to_stride;
};
using MultiplyRows = void (*)(const RowsOperands&);

constexpr int64_t kLanes = 16;
constexpr int64_t kPanelColumns = 4 * kLanes;
/// So many rows by 64 columns of sums fit the registers.
constexpr int64_t kPanelRows = 6;

/// For other [k][columns], where 1 <= rows <= kPanelRows and columns is a multiple of 16 up to 64;
/// null where the program was not built for, or the processor does not have, registers of 64 bytes.
MultiplyRows panel_product(int64_t rows, int64_t columns = kPanelColumns);

/// For other [keys][k]: every row's products with every key. k is a multiple of 16; callable where
/// panel_product gives one.
void multiply_by_keys(const RowsOperands& operands, int64_t rows, int64_t keys);

}  // namespace kasuri::cpu
