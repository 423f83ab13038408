#include "engine/backend/reference/strided.h"

#include <algorithm>
#include <cstring>

namespace kasuri::reference {

Extents broadcast(const Context& context, const std::vector<Extents>& all) {
  Extents out;
  for (const Extents& e : all) {
    if (e.size() > out.size()) out.insert(out.begin(), e.size() - out.size(), 1);
    for (size_t i = 0; i < e.size(); ++i) {
      int64_t& o = out[out.size() - e.size() + i];
      context.require(o == e[i] || o == 1 || e[i] == 1, "extents {} and {} do not broadcast",
                      text_of(out), text_of(e));
      if (o == 1) o = e[i];
    }
  }
  return out;
}

Strides broadcast_strides(const Extents& from, const Extents& to) {
  const Strides own = contiguous_strides(from);
  Strides out(to.size(), 0);
  const size_t lead = to.size() - from.size();
  for (size_t i = 0; i < from.size(); ++i) out[lead + i] = from[i] == 1 ? 0 : own[i];
  return out;
}

MoveSource::MoveSource(const Tensor& tensor) : tensor_(tensor) {
  if (tensor.dtype() == DataType::kString)
    strings_ = tensor.strings().data();
  else if (is_sub_byte(tensor.dtype()))
    codes_ = unpack_codes(tensor);
  bytes_ =
      codes_.empty() ? tensor.bytes().data() : reinterpret_cast<const std::byte*>(codes_.data());
}

MoveTarget::MoveTarget(const Context& context, DataType dtype, Extents extents)
    : context_(context),
      extents_(std::move(extents)),
      dtype_(dtype),
      width_(std::max(1, bits_of(dtype) / 8)) {
  const int64_t n = context.count(extents_);
  if (dtype == DataType::kString) {
    context.require_room(n, sizeof(std::string), "strings");
    strings_.resize(static_cast<size_t>(n));
    return;
  }
  fresh_ = context.fresh(dtype, extents_);
  if (is_sub_byte(dtype)) {
    codes_.resize(static_cast<size_t>(n));
    bytes_ = reinterpret_cast<std::byte*>(codes_.data());
  } else {
    bytes_ = fresh_.bytes.data();
  }
}

namespace {

template <typename E>
void copy_elements(std::byte* to, const std::byte* from, int64_t count, int64_t step) {
  E* out = reinterpret_cast<E*>(to);
  const E* in = reinterpret_cast<const E*>(from);
  for (int64_t i = 0; i < count; ++i) out[i] = in[i * step];
}

struct Wide {
  uint64_t low, high;
};

}  // namespace

void MoveTarget::copy(int64_t to, const MoveSource& source, int64_t from, int64_t count,
                      int64_t step) {
  if (dtype_ == DataType::kString) {
    for (int64_t i = 0; i < count; ++i)
      strings_[static_cast<size_t>(to + i)] = source.strings_[from + i * step];
    return;
  }
  std::byte* out = bytes_ + to * width_;
  const std::byte* in = source.bytes_ + from * width_;
  if (step == 1) {
    if (count > 0) std::memcpy(out, in, static_cast<size_t>(count * width_));
    return;
  }
  switch (width_) {
    case 1:
      return copy_elements<uint8_t>(out, in, count, step);
    case 2:
      return copy_elements<uint16_t>(out, in, count, step);
    case 4:
      return copy_elements<uint32_t>(out, in, count, step);
    case 8:
      return copy_elements<uint64_t>(out, in, count, step);
    default:
      return copy_elements<Wide>(out, in, count, step);
  }
}

Tensor MoveTarget::take() {
  if (dtype_ == DataType::kString) return Tensor::strings(extents_, std::move(strings_));
  if (is_sub_byte(dtype_)) pack_codes(dtype_, codes_, fresh_.bytes);
  return fresh_.tensor;
}

Tensor strided_copy(const Context& context, const Tensor& source, const Extents& extents,
                    const Strides& strides, int64_t offset) {
  MoveTarget out(context, source.dtype(), extents);
  const MoveSource in(source);
  const int64_t row = row_length(extents), step = row_step(strides);
  int64_t to = 0;
  for_each_row<1>(extents, {strides}, [&](const std::array<int64_t, 1>& at) {
    out.copy(to, in, offset + at[0], row, step);
    to += row;
  });
  return out.take();
}

Extents permuted(const Extents& extents, const std::vector<int>& order) {
  Extents out;
  for (int o : order) out.push_back(extents[static_cast<size_t>(o)]);
  return out;
}

Tensor transposed(const Context& context, const Tensor& source, const std::vector<int>& order) {
  return strided_copy(context, source, permuted(source.extents(), order),
                      permuted(contiguous_strides(source.extents()), order));
}

Tensor gathered(const Context& context, const Tensor& source, const Extents& extents, int64_t block,
                const std::vector<int64_t>& starts, const Tensor* fill) {
  MoveTarget out(context, source.dtype(), extents);
  const MoveSource in(source);
  const MoveSource filler(fill ? *fill : source);
  for (size_t i = 0; i < starts.size(); ++i) {
    const int64_t to = static_cast<int64_t>(i) * block;
    if (starts[i] >= 0)
      out.copy(to, in, starts[i], block);
    else if (fill)
      out.copy(to, filler, 0, block, 0);
  }
  return out.take();
}

}  // namespace kasuri::reference
