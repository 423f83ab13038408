#include "engine/ir/shape.h"

namespace kasuri {

std::string Dim::text() const {
  if (known()) return std::to_string(value_);
  return symbol_.empty() ? "?" : symbol_;
}

bool is_static(const Shape& shape) {
  for (const Dim& d : shape)
    if (!d.known()) return false;
  return true;
}

std::optional<std::vector<int64_t>> extents_of(const Shape& shape) {
  std::vector<int64_t> out;
  out.reserve(shape.size());
  for (const Dim& d : shape) {
    if (!d.known()) return std::nullopt;
    out.push_back(d.value());
  }
  return out;
}

Shape shape_of(const std::vector<int64_t>& extents) { return {extents.begin(), extents.end()}; }

std::optional<int64_t> element_count(const std::vector<int64_t>& extents) {
  int64_t count = 1;
  bool overflow = false;
  bool empty = false;
  for (int64_t e : extents) {
    if (e < 0) return std::nullopt;
    if (e == 0)
      empty = true;
    else
      overflow = overflow || __builtin_mul_overflow(count, e, &count);
  }
  if (empty) return 0;
  if (overflow) return std::nullopt;
  return count;
}

std::string text_of(const Shape& shape) {
  std::string out = "[";
  for (size_t i = 0; i < shape.size(); ++i) out += (i ? "," : "") + shape[i].text();
  return out + "]";
}

std::vector<int64_t> contiguous_strides(const std::vector<int64_t>& extents) {
  std::vector<int64_t> strides(extents.size(), 1);
  for (size_t i = extents.size(); i-- > 1;) strides[i - 1] = strides[i] * extents[i];
  return strides;
}

}  // namespace kasuri
