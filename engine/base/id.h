#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace kasuri {

/// A strong index: Id<NodeTag> and Id<ValueTag> do not mix. A default-made id is invalid.
template <typename Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(uint32_t index) : index_(index) {}

  static constexpr Id none() { return Id(); }
  constexpr bool valid() const { return index_ != kInvalid; }
  constexpr uint32_t index() const { return index_; }
  constexpr auto operator<=>(const Id&) const = default;

 private:
  static constexpr uint32_t kInvalid = UINT32_MAX;
  uint32_t index_ = kInvalid;
};

}  // namespace kasuri

template <typename Tag>
struct std::hash<kasuri::Id<Tag>> {
  size_t operator()(kasuri::Id<Tag> id) const noexcept { return std::hash<uint32_t>()(id.index()); }
};
