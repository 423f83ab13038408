#include "engine/backend/reference/joining.h"

namespace kasuri::reference {

Tensor concatenated(const Context& c, const std::vector<Tensor>& parts, int64_t axis) {
  c.require(!parts.empty(), "nothing to join");
  const auto at = static_cast<size_t>(c.axis(axis, parts[0].rank()));
  Extents out = parts[0].extents();
  out[at] = 0;
  for (const Tensor& p : parts) {
    c.require(p.dtype() == parts[0].dtype(), "{} is joined with {}", name_of(parts[0].dtype()),
              name_of(p.dtype()));
    c.require(p.rank() == parts[0].rank(), "ranks {} and {} are joined", parts[0].rank(), p.rank());
    for (size_t d = 0; d < out.size(); ++d)
      c.require(d == at || p.extents()[d] == out[d], "extents {} and {} are joined along axis {}",
                text_of(parts[0].extents()), text_of(p.extents()), at);
    out[at] += p.extents()[at];
  }
  MoveTarget target(c, parts[0].dtype(), out);
  const int64_t outer = product(out, 0, at), row = product(out, at);
  int64_t first = 0;
  for (const Tensor& p : parts) {
    const MoveSource source(p);
    const int64_t block = product(p.extents(), at);
    for (int64_t o = 0; o < outer; ++o) target.copy(o * row + first, source, o * block, block);
    first += block;
  }
  return target.take();
}

Tensor section(const Context& c, const Tensor& x, int axis, int64_t begin, int64_t length) {
  Extents out = x.extents();
  out[static_cast<size_t>(axis)] = length;
  const Strides strides = contiguous_strides(x.extents());
  return strided_copy(c, x, out, strides, begin * strides[static_cast<size_t>(axis)]);
}

}  // namespace kasuri::reference
