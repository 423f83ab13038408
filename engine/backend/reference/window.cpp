#include "engine/backend/reference/window.h"

#include <algorithm>

namespace kasuri::reference {
namespace {

constexpr int64_t kLimit = int64_t{1} << 40;

std::vector<int64_t> attribute(const Context& c, const std::string& name, size_t rank,
                               int64_t fallback, int64_t least) {
  std::vector<int64_t> values = c.node().get_ints(name);
  if (values.empty()) values.assign(rank, fallback);
  c.require(values.size() >= rank, "{} has {} entries for {} axes", name, values.size(), rank);
  for (int64_t v : values) c.require(v >= least && v < kLimit, "{} holds {}", name, v);
  return values;
}

}  // namespace

Window window_of(const Context& c, const Extents& kernel, const Extents& spatial) {
  const size_t rank = spatial.size();
  c.require(kernel.size() == rank, "a kernel {} over axes {}", text_of(kernel), text_of(spatial));
  for (int64_t k : kernel) c.require(k >= 1 && k < kLimit, "a kernel {}", text_of(kernel));
  Window w{
      kernel, attribute(c, "strides", rank, 1, 1), attribute(c, "dilations", rank, 1, 1), {}, {}};
  const std::string mode = c.node().get_string("auto_pad", "NOTSET");
  const std::vector<int64_t> pads = attribute(c, "pads", 2 * rank, 0, -kLimit);
  for (size_t d = 0; d < rank; ++d) {
    int64_t before = pads[d], after = pads[d + rank];
    if (mode == "VALID") before = after = 0;
    if (mode == "SAME_UPPER" || mode == "SAME_LOWER") {
      const int64_t steps = (spatial[d] + w.strides[d] - 1) / w.strides[d];
      const int64_t total =
          std::max<int64_t>(0, (steps - 1) * w.strides[d] + w.span(d) - spatial[d]);
      before = mode == "SAME_UPPER" ? total / 2 : total - total / 2;
      after = total - before;
    }
    w.before.push_back(before);
    w.after.push_back(after);
  }
  return w;
}

Extents positions(const Context& c, const Window& w, const Extents& spatial, bool ceiling) {
  Extents out;
  for (size_t d = 0; d < spatial.size(); ++d) {
    const int64_t room = spatial[d] + w.before[d] + w.after[d] - w.span(d);
    c.require(room >= 0 || (ceiling && room > -w.span(d)),
              "a window of {} does not fit an axis of {} with padding {}, {}", w.span(d),
              spatial[d], w.before[d], w.after[d]);
    int64_t n = room < 0 ? 1 : room / w.strides[d] + 1;
    if (ceiling && room >= 0 && room % w.strides[d] != 0 &&
        n * w.strides[d] < spatial[d] + w.before[d])
      ++n;
    out.push_back(n);
  }
  return out;
}

bool advance(Extents& at, const Extents& extents) {
  for (size_t d = at.size(); d-- > 0;) {
    if (++at[d] < extents[d]) return true;
    at[d] = 0;
  }
  return false;
}

}  // namespace kasuri::reference
