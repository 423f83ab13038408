#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "engine/backend/reference/strided.h"

namespace kasuri::reference {

/// f over every element in lane T, stored as `dtype`.
template <typename T, typename F>
Tensor map_elements(const Context& c, const Tensor& x, DataType dtype, F f) {
  constexpr int64_t kChunk = 4096;  // a multiple of eight: chunks of sub-byte types end on bytes
  FreshTensor out = c.fresh(dtype, x.extents());
  std::vector<T> values(static_cast<size_t>(std::min(kChunk, x.count())));
  for (int64_t first = 0; first < x.count(); first += kChunk) {
    const auto n = static_cast<size_t>(std::min(kChunk, x.count() - first));
    const std::span<T> chunk(values.data(), n);
    read_elements<T>(x, first, chunk);
    for (T& v : chunk) v = static_cast<T>(f(v));
    store_elements<T>(dtype, chunk, out.bytes.subspan(bytes_for(dtype, first)));
  }
  return out.tensor;
}

/// f over pairs in lane T after broadcasting, stored as `dtype`.
template <typename T, typename F>
Tensor zip_elements(const Context& c, const Tensor& a, const Tensor& b, DataType dtype, F f) {
  const Extents extents = broadcast(c, {a.extents(), b.extents()});
  const std::vector<T> x = elements<T>(a), y = elements<T>(b);
  const Strides sx = broadcast_strides(a.extents(), extents);
  const Strides sy = broadcast_strides(b.extents(), extents);
  std::vector<T> out(static_cast<size_t>(c.scratch_count(extents, sizeof(T))));
  const int64_t row = row_length(extents), dx = row_step(sx), dy = row_step(sy);
  T* to = out.data();
  for_each_row<2>(extents, {sx, sy}, [&](const std::array<int64_t, 2>& at) {
    const T* p = x.data() + at[0];
    const T* q = y.data() + at[1];
    for (int64_t i = 0; i < row; ++i) *to++ = static_cast<T>(f(p[i * dx], q[i * dy]));
  });
  return c.pack(dtype, extents, out);
}

/// Kernel: F(double) over input 0, same type.
template <auto F>
void real_unary(Context& c) {
  c.set(0, map_elements<double>(c, c.in(0), c.in(0).dtype(), F));
}

/// Kernel: F(T) over input 0 in its lane, same type.
template <auto F>
void any_unary(Context& c) {
  const DataType dtype = c.in(0).dtype();
  in_lane(dtype, [&]<typename T>(T) { c.set(0, map_elements<T>(c, c.in(0), dtype, F)); });
}

/// Kernel: Make(node)(double) over input 0, same type.
template <auto Make>
void real_unary_of(Context& c) {
  c.set(0, map_elements<double>(c, c.in(0), c.in(0).dtype(), Make(c.node())));
}

/// Kernel: F(T, T) over inputs 0 and 1, which have one type.
template <auto F>
void any_binary(Context& c) {
  const DataType dtype = c.in(0).dtype();
  c.require(c.in(1).dtype() == dtype, "inputs are {} and {}", name_of(dtype),
            name_of(c.in(1).dtype()));
  in_lane(dtype, [&]<typename T>(T) { c.set(0, zip_elements<T>(c, c.in(0), c.in(1), dtype, F)); });
}

}  // namespace kasuri::reference
