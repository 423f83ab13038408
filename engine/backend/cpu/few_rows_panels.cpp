// Built for AVX-512 whatever the rest is built for (engine/CMakeLists.txt), so nothing of other
// headers is used here that might be shared with the rest.
#include "engine/backend/cpu/few_rows_panels.h"

#ifdef __AVX512F__
#include <immintrin.h>
#endif

namespace kasuri::cpu {

#ifdef __AVX512F__

namespace {

using Lanes = float __attribute__((vector_size(kLanes * 4), aligned(4), may_alias));

/// What the compiler would otherwise read again from memory for every row.
inline void keep_in_register(Lanes& value) { asm("" : "+v"(value)); }

Lanes everywhere(float x) { return reinterpret_cast<Lanes>(_mm512_set1_ps(x)); }

/// For one row the processor's own prefetching keeps up as well as anything; with more the sums
/// delay it, and asking for what comes saves up to 15 % (15 MB from the L3 of a Zen 4, or from
/// memory where others use that cache).
constexpr int64_t kAhead = 64;

template <int rows, int vectors>
void multiply(const RowsOperands& operands) {
  const RowsOperands p = operands;
  Lanes sums[rows][vectors];
#pragma GCC unroll 8
  for (int r = 0; r < rows; ++r)
#pragma GCC unroll 4
    for (int c = 0; c < vectors; ++c) sums[r][c] = Lanes{};
  const float *x = p.x, *from = p.other;
  for (int64_t i = 0; i < p.k; ++i, from += p.other_stride) {
    if (rows > 1)
#pragma GCC unroll 4
      for (int c = 0; c < vectors; ++c)
        __builtin_prefetch(from + kAhead * p.other_stride + c * kLanes);
    Lanes w[vectors];
#pragma GCC unroll 4
    for (int c = 0; c < vectors; ++c) {
      w[c] = reinterpret_cast<const Lanes*>(from)[c];
      if (rows > 1) keep_in_register(w[c]);
    }
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r) {
      const Lanes v = everywhere(x[r * p.x_stride + i]);
#pragma GCC unroll 4
      for (int c = 0; c < vectors; ++c) sums[r][c] += v * w[c];
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < rows; ++r)
#pragma GCC unroll 4
    for (int c = 0; c < vectors; ++c)
      reinterpret_cast<Lanes*>(p.to + r * p.to_stride)[c] = sums[r][c];
}

/// Sums of neighbours: eight of a, then eight of b.
Lanes pairs(Lanes a, Lanes b) {
  const Lanes even =
      __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const Lanes odd =
      __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  return even + odd;
}

template <int count>
inline __attribute__((always_inline)) Lanes total(const Lanes (&sums)[count]) {
  if constexpr (count == 1) {
    return sums[0];
  } else {
    Lanes half[count / 2];
#pragma GCC unroll 8
    for (int j = 0; j < count / 2; ++j) half[j] = pairs(sums[j], sums[j + count / 2]);
    return total(half);
  }
}

/// x times 16 keys, of which only the first `here` may be read. Pairs of pairs come out in the
/// order of reversed bits, so they go in so.
template <bool whole>
Lanes times_keys(const float* x, const float* keys, int64_t stride, int64_t k, int64_t here) {
  constexpr int kReversed[kLanes] = {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15};
  Lanes sums[kLanes] = {};
  for (int64_t i = 0; i < k; i += kLanes) {
    const Lanes v = *reinterpret_cast<const Lanes*>(x + i);
#pragma GCC unroll 16
    for (int j = 0; j < kLanes; ++j) {
      const int64_t key = whole || j < here ? j : 0;
      sums[kReversed[j]] += v * *reinterpret_cast<const Lanes*>(keys + key * stride + i);
    }
  }
  return total(sums);
}

template <int rows>
constexpr MultiplyRows kOfWidth[4] = {multiply<rows, 1>, multiply<rows, 2>, multiply<rows, 3>,
                                      multiply<rows, 4>};

}  // namespace

MultiplyRows panel_product(int64_t rows, int64_t columns) {
  static const bool has_registers = __builtin_cpu_supports("avx512f") != 0;
  static constexpr const MultiplyRows* kProducts[kPanelRows] = {
      kOfWidth<1>, kOfWidth<2>, kOfWidth<3>, kOfWidth<4>, kOfWidth<5>, kOfWidth<6>};
  return has_registers ? kProducts[rows - 1][columns / kLanes - 1] : nullptr;
}

void multiply_by_keys(const RowsOperands& p, int64_t rows, int64_t keys) {
  int64_t first = 0;
  for (; first + kLanes <= keys; first += kLanes)
    for (int64_t r = 0; r < rows; ++r)
      *reinterpret_cast<Lanes*>(p.to + r * p.to_stride + first) = times_keys<true>(
          p.x + r * p.x_stride, p.other + first * p.other_stride, p.other_stride, p.k, kLanes);
  if (first == keys) return;
  for (int64_t r = 0; r < rows; ++r) {
    const Lanes made = times_keys<false>(p.x + r * p.x_stride, p.other + first * p.other_stride,
                                         p.other_stride, p.k, keys - first);
    for (int64_t j = 0; j < keys - first; ++j) p.to[r * p.to_stride + first + j] = made[j];
  }
}

#else

MultiplyRows panel_product(int64_t, int64_t) { return nullptr; }
void multiply_by_keys(const RowsOperands&, int64_t, int64_t) {}

#endif

}  // namespace kasuri::cpu
