#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kasuri {

/// One extent: a number, a named symbol ("batch"), or unknown (empty symbol).
class Dim {
 public:
  Dim() = default;
  Dim(int64_t value) : value_(value) {}  // NOLINT(google-explicit-constructor)
  static Dim symbol(std::string name) {
    Dim d;
    d.symbol_ = std::move(name);
    return d;
  }
  static Dim unknown() { return Dim(); }

  bool known() const { return value_ >= 0; }
  int64_t value() const { return value_; }  ///< -1 unless known().
  const std::string& symbol() const { return symbol_; }
  std::string text() const;  ///< "128", "batch" or "?".
  bool operator==(const Dim&) const = default;

 private:
  int64_t value_ = -1;
  std::string symbol_;
};

using Shape = std::vector<Dim>;

bool is_static(const Shape& shape);
/// The extents of a static shape; empty optional if any is not a number.
std::optional<std::vector<int64_t>> extents_of(const Shape& shape);
Shape shape_of(const std::vector<int64_t>& extents);
/// Product of extents; empty optional when it overflows int64 or an extent is negative.
std::optional<int64_t> element_count(const std::vector<int64_t>& extents);
std::string text_of(const Shape& shape);  ///< "[1,3,H,?]"
/// Row-major strides, in elements.
std::vector<int64_t> contiguous_strides(const std::vector<int64_t>& extents);

}  // namespace kasuri
