#include "engine/exec/stacked_output.h"

#include <cstring>

#include "engine/exec/values.h"

namespace kasuri {
namespace {

/// Beyond this the library, which knows the limit of the run, takes over.
constexpr size_t kMostBytes = size_t{256} << 20;

}  // namespace

StackedOutput::StackedOutput(Frame& body, BufferId from, Frame& owner, BufferId to)
    : body_(body), from_(from), owner_(owner), to_(to) {
  in_place_ = owner.buffer(to).kind != BufferKind::kDynamic;
}

Status StackedOutput::add() { return add_value(body_.value_of(from_)); }

Status StackedOutput::add_value(const RuntimeValue& value) {
  const std::string& name = owner_.buffer(to_).name;
  if (!value.is_tensor()) return Error("'" + name + "' must be made of tensors");
  const Tensor& tensor = value.tensor();
  if (count_++ == 0) {
    extents_ = tensor.extents();
    dtype_ = tensor.dtype();
    if (bits_of(dtype_) % 8 != 0) return Error("'" + name + "' has elements of less than a byte");
  }
  if (tensor.extents() != extents_ || tensor.dtype() != dtype_)
    return Error("'" + name + "' is made of " + text_of(tensor) + " and other shapes");
  if (dtype_ != DataType::kString) return add_bytes(tensor.bytes());
  strings_.insert(strings_.end(), tensor.strings().begin(), tensor.strings().end());
  return ok_status();
}

Status StackedOutput::add_bytes(std::span<const std::byte> bytes) {
  const PlanBuffer& to = owner_.buffer(to_);
  if (in_place_) {
    const size_t at = static_cast<size_t>(count_ - 1) * bytes.size();
    if (at + bytes.size() > static_cast<size_t>(to.bytes))
      return Error("'" + to.name + "' gets more values than planned (" + to.type.text() + ")");
    if (!bytes.empty()) std::memcpy(owner_.memory_of(to_) + at, bytes.data(), bytes.size());
    return ok_status();
  }
  if (bytes.size() > kMostBytes - bytes_.size())
    return Error::unavailable("'" + to.name + "' grows beyond " + std::to_string(kMostBytes) +
                              " bytes after " + std::to_string(count_ - 1) + " iterations");
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return ok_status();
}

Status StackedOutput::finish() {
  std::vector<int64_t> extents = extents_;
  extents.insert(extents.begin(), count_);
  if (in_place_) {
    const PlanBuffer& to = owner_.buffer(to_);
    if (ValueType::tensor(dtype_, shape_of(extents)) == to.type) return ok_status();
    return Error("'" + to.name + "' became " + kasuri::text_of(shape_of(extents)) +
                 ", planned was " + to.type.text());
  }
  if (dtype_ == DataType::kString)
    return owner_.store(to_, Tensor::strings(extents, std::move(strings_)));
  const Tensor joined = Tensor::make(dtype_, extents, [&](std::span<std::byte> out) {
    if (!out.empty()) std::memcpy(out.data(), bytes_.data(), out.size());
  });
  return owner_.store(to_, joined);
}

}  // namespace kasuri
