#include "engine/exec/scanned_values.h"

#include <algorithm>
#include <cstring>

#include "engine/exec/values.h"

namespace kasuri {
namespace {

/// Beyond this the library, which knows the limit of the run, takes over.
constexpr int64_t kMostBytes = int64_t{256} << 20;

}  // namespace

Result<int64_t> ScannedValue::take(const Tensor& whole) {
  const PlanBuffer& slice = body_.buffer(slice_);
  std::vector<int64_t> extents = whole.extents();
  const int64_t rank = static_cast<int64_t>(extents.size());
  if (axis_ < -rank || axis_ >= rank)
    return Error("axis " + std::to_string(axis_) + " is outside " + text_of(whole));
  const int64_t axis = axis_ < 0 ? axis_ + rank : axis_;
  length_ = extents[axis];
  extents.erase(extents.begin() + axis);
  if (whole.dtype() != slice.type.dtype || extents != *extents_of(*slice.type.shape))
    return Error("slices of " + text_of(whole) + " are not " + slice.type.text());
  outer_ = *element_count({extents.begin(), extents.begin() + axis});
  whole_ = whole;
  memory_ = const_cast<std::byte*>(whole_.bytes().data());  // read only
  return length_;
}

Status ScannedValue::make(int64_t length, Frame& owner, BufferId to) {
  const PlanBuffer& slice = body_.buffer(slice_);
  std::vector<int64_t> extents = *extents_of(*slice.type.shape);
  const int64_t rank = static_cast<int64_t>(extents.size()) + 1;
  if (axis_ < -rank || axis_ >= rank)
    return Error("axis " + std::to_string(axis_) + " is outside rank " + std::to_string(rank));
  const int64_t axis = axis_ < 0 ? axis_ + rank : axis_;
  length_ = length;
  outer_ = *element_count({extents.begin(), extents.begin() + axis});
  extents.insert(extents.begin() + axis, length);
  if (!to.valid()) return ok_status();
  const PlanBuffer& whole = owner.buffer(to);
  const auto type = ValueType::tensor(slice.type.dtype, shape_of(extents));
  if (whole.kind != BufferKind::kDynamic) {
    if (!(whole.type == type))
      return Error("'" + whole.name + "' became " + type.text() + ", planned was " +
                   whole.type.text());
    memory_ = owner.memory_of(to);
    return ok_status();
  }
  if (slice.bytes > 0 && length > kMostBytes / slice.bytes)
    return Error::unavailable("'" + whole.name + "' takes more than " + std::to_string(kMostBytes) +
                              " bytes");
  whole_ = Tensor::make(slice.type.dtype, extents,
                        [&](std::span<std::byte> bytes) { memory_ = bytes.data(); });
  return ok_status();
}

Status ScannedValue::finish(Frame& owner, BufferId to) const {
  return whole_.defined() ? owner.store(to, whole_) : ok_status();
}

template <typename Move>
void ScannedValue::for_each_run(int64_t iteration, const Move& move) const {
  const int64_t at = backwards_ ? length_ - 1 - iteration : iteration;
  if (memory_ == nullptr || outer_ == 0 || body_.buffer(slice_).bytes == 0) return;
  const int64_t run = body_.buffer(slice_).bytes / outer_;
  for (int64_t o = 0; o < outer_; ++o)
    move(memory_ + (o * length_ + at) * run, body_.memory_of(slice_) + o * run,
         static_cast<size_t>(run));
}

void ScannedValue::cut(int64_t iteration) const {
  for_each_run(iteration, [](const std::byte* whole, std::byte* slice, size_t bytes) {
    std::memcpy(slice, whole, bytes);
  });
}

void ScannedValue::paste(int64_t iteration) const {
  for_each_run(iteration, [](std::byte* whole, const std::byte* slice, size_t bytes) {
    std::memcpy(whole, slice, bytes);
  });
}

}  // namespace kasuri
