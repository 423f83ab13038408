#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/ir/tensor.h"

namespace kasuri::reference {

/// The compute types ("lanes") of this backend. Every floating format is computed in double and
/// rounded once when stored; integers and bool in int64 with wrap-around, uint64 in itself.
/// T is one of double, float, int64_t, uint64_t.
template <typename T>
std::vector<T> elements(const Tensor& tensor);

/// Ends the kernel that this thread is in, where `count` items of `each` bytes would exceed its
/// memory limit. elements() asks by itself.
void require_room_here(int64_t count, size_t each);

/// Elements [first, first + out.size()) of a numeric tensor.
template <typename T>
void read_elements(const Tensor& tensor, int64_t first, std::span<T> out);

/// Stores `values` as `dtype` into `out` (bytes_for(dtype, values.size()) bytes). Floats become
/// integers by truncation, integers wrap, bool is "not zero".
template <typename T>
void store_elements(DataType dtype, std::span<const T> values, std::span<std::byte> out);

/// One code per byte of a 2- or 4-bit tensor, low bits first; and back.
std::vector<uint8_t> unpack_codes(const Tensor& tensor);
void pack_codes(DataType dtype, std::span<const uint8_t> codes, std::span<std::byte> out);

bool is_sub_byte(DataType dtype);

/// Calls f(T{}) with the lane of `dtype`: double, uint64_t or int64_t.
template <typename F>
auto in_lane(DataType dtype, F f) {
  if (is_float(dtype)) return f(double{});
  if (dtype == DataType::kUint64) return f(uint64_t{});
  return f(int64_t{});
}

}  // namespace kasuri::reference
