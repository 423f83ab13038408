#pragma once

#include <array>
#include <string>
#include <vector>

#include "engine/backend/reference/context.h"

namespace kasuri::reference {

using Strides = std::vector<int64_t>;

/// ONNX multidirectional broadcasting of all; an error where they do not fit.
Extents broadcast(const Context& context, const std::vector<Extents>& all);
/// Strides that read a row-major tensor of extents `from` at points of `to` (broadcast: 0).
Strides broadcast_strides(const Extents& from, const Extents& to);

/// Visits the rows (last axis) of a domain in row-major order: f(offsets) with the offset of the
/// row's first element for each of N stride sets. A scalar domain is one row of one element.
template <size_t N, typename F>
void for_each_row(const Extents& extents, const std::array<Strides, N>& strides, F f) {
  std::array<int64_t, N> offset{};
  for (int64_t e : extents)
    if (e == 0) return;
  if (extents.empty()) return f(offset);
  const int last = static_cast<int>(extents.size()) - 1;
  Extents at(extents.size(), 0);
  while (true) {
    f(offset);
    int d = last - 1;
    for (; d >= 0; --d) {
      for (size_t n = 0; n < N; ++n) offset[n] += strides[n][d];
      if (++at[d] < extents[d]) break;
      for (size_t n = 0; n < N; ++n) offset[n] -= strides[n][d] * extents[d];
      at[d] = 0;
    }
    if (d < 0) return;
  }
}

/// Length of a row of a domain, and the step inside it for given strides.
inline int64_t row_length(const Extents& extents) { return extents.empty() ? 1 : extents.back(); }
inline int64_t row_step(const Strides& strides) { return strides.empty() ? 0 : strides.back(); }

/// Elements that are moved and not computed with: numbers of any width, or strings.
class MoveSource {
 public:
  explicit MoveSource(const Tensor& tensor);

 private:
  friend class MoveTarget;
  Tensor tensor_;
  std::vector<uint8_t> codes_;  // of a sub-byte tensor
  const std::byte* bytes_ = nullptr;
  const std::string* strings_ = nullptr;
};

/// A result assembled from moved elements; what is not written stays zero or empty.
class MoveTarget {
 public:
  MoveTarget(const Context& context, DataType dtype, Extents extents);
  /// Copies `count` elements, source ones `step` apart (0 repeats one), to `to` and following.
  void copy(int64_t to, const MoveSource& source, int64_t from, int64_t count = 1,
            int64_t step = 1);
  Tensor take();

 private:
  const Context& context_;
  FreshTensor fresh_;
  Extents extents_;
  DataType dtype_;
  int width_;
  std::vector<uint8_t> codes_;
  std::vector<std::string> strings_;
  std::byte* bytes_ = nullptr;
};

/// The tensor read at offset + sum(strides * index) over `extents`.
Tensor strided_copy(const Context& context, const Tensor& source, const Extents& extents,
                    const Strides& strides, int64_t offset = 0);
Tensor transposed(const Context& context, const Tensor& source, const std::vector<int>& order);
/// Extents permuted by `order`.
Extents permuted(const Extents& extents, const std::vector<int>& order);
/// Blocks of `block` elements starting at `starts` of the source, one after the other; a negative
/// start leaves zeros, or copies `fill`'s one element.
Tensor gathered(const Context& context, const Tensor& source, const Extents& extents, int64_t block,
                const std::vector<int64_t>& starts, const Tensor* fill = nullptr);

}  // namespace kasuri::reference
