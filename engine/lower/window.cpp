#include "engine/lower/window.h"

#include <algorithm>

namespace kasuri::lower {
namespace {

/// SAME_UPPER / SAME_LOWER: pads so that output = ceil(input / stride).
void pad_same(Window& w, size_t axis, bool upper) {
  const int64_t reach = (w.kernel[axis] - 1) * w.dilations[axis] + 1;
  const int64_t total =
      std::max<int64_t>(0, (w.output[axis] - 1) * w.strides[axis] + reach - w.input[axis]);
  w.pads_before[axis] = upper ? total / 2 : total - total / 2;
  w.pads_after[axis] = total - w.pads_before[axis];
}

}  // namespace

Index Window::at(size_t axis, const Index& o, const Index& k) const {
  return loops::add(loops::add(loops::mul(o, strides[axis]), loops::mul(k, dilations[axis])),
                    -pads_before[axis]);
}

bool Window::may_leave(size_t axis) const {
  const int64_t last = (output[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis];
  return pads_before[axis] > 0 || last - pads_before[axis] >= input[axis];
}

Window window_of(const Node& node, const Extents& input, const Extents& output, Extents kernel) {
  Window w;
  w.input.assign(input.begin() + 2, input.end());
  w.output.assign(output.begin() + 2, output.end());
  w.kernel = std::move(kernel);
  w.strides = node.get_ints("strides", Extents(w.rank(), 1));
  w.dilations = node.get_ints("dilations", Extents(w.rank(), 1));
  w.pads_before.assign(w.rank(), 0);
  w.pads_after.assign(w.rank(), 0);
  const std::string mode = node.get_string("auto_pad", "NOTSET");
  if (mode == "NOTSET") {
    const Extents pads = node.get_ints("pads", Extents(2 * w.rank(), 0));
    std::copy_n(pads.begin(), w.rank(), w.pads_before.begin());
    std::copy_n(pads.begin() + static_cast<std::ptrdiff_t>(w.rank()), w.rank(),
                w.pads_after.begin());
  } else if (mode != "VALID") {
    for (size_t k = 0; k < w.rank(); ++k) pad_same(w, k, mode == "SAME_UPPER");
  }
  return w;
}

}  // namespace kasuri::lower
