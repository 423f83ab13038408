#include <algorithm>
#include <numeric>

#include "engine/backend/reference/registry.h"
#include "engine/backend/reference/strided.h"

// Operators that change extents or order, not contents.
namespace kasuri::reference {
namespace {

void identity(Context& c) { c.set(0, c.value(0)); }

void shape(Context& c) {
  const Extents& e = c.in(0).extents();
  const auto rank = static_cast<int64_t>(e.size());
  const auto clamp = [&](int64_t at) {
    return std::clamp<int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  const int64_t start = clamp(c.node().get_int("start", 0));
  const int64_t end = std::max(start, clamp(c.node().get_int("end", rank)));
  const Extents out(e.begin() + start, e.begin() + end);
  c.set(0, c.pack(DataType::kInt64, {end - start}, out));
}

void size(Context& c) { c.set(0, Tensor::scalar<int64_t>(c.in(0).count())); }

void reshape(Context& c) {
  const Tensor& x = c.in(0);
  Extents target = c.ints_of("shape", 1);
  const bool allow_zero = c.node().get_int("allowzero", 0) != 0;
  int64_t known = 1;
  int inferred = -1;
  for (size_t i = 0; i < target.size(); ++i) {
    if (target[i] == 0 && !allow_zero) {
      c.require(i < x.extents().size(), "target {} copies axis {} of {}", text_of(target), i,
                text_of(x.extents()));
      target[i] = x.extents()[i];
    }
    if (target[i] == -1) {
      c.require(inferred < 0, "target {} has two unknown extents", text_of(target));
      inferred = static_cast<int>(i);
    } else {
      c.require(target[i] >= 0 && !__builtin_mul_overflow(known, target[i], &known),
                "target {} makes no tensor", text_of(target));
    }
  }
  if (inferred >= 0) {
    c.require(known != 0 && x.count() % known == 0, "{} elements do not fit {}", x.count(),
              text_of(target));
    target[static_cast<size_t>(inferred)] = x.count() / known;
  }
  c.require(c.count(target) == x.count(), "{} elements do not fit {}", x.count(), text_of(target));
  c.set(0, x.reshaped(target));
}

void flatten(Context& c) {
  const Tensor& x = c.in(0);
  int64_t axis = c.node().get_int("axis", 1);
  c.require(axis >= -x.rank() && axis <= x.rank(), "axis {} of rank {}", axis, x.rank());
  if (axis < 0) axis += x.rank();
  const auto at = static_cast<size_t>(axis);
  c.set(0, x.reshaped({product(x.extents(), 0, at), product(x.extents(), at)}));
}

void squeeze(Context& c) {
  const Tensor& x = c.in(0);
  const bool given = c.has(1) || c.node().has("axes");
  const std::vector<int> axes = c.axes(c.ints_of("axes", 1), x.rank());
  Extents out;
  for (int d = 0; d < x.rank(); ++d) {
    const int64_t e = x.extents()[static_cast<size_t>(d)];
    const bool listed = std::find(axes.begin(), axes.end(), d) != axes.end();
    c.require(!listed || e == 1, "axis {} of {} is not 1", d, text_of(x.extents()));
    if (given ? !listed : e != 1) out.push_back(e);
  }
  c.set(0, x.reshaped(out));
}

void unsqueeze(Context& c) {
  const Tensor& x = c.in(0);
  const std::vector<int64_t> given = c.ints_of("axes", 1);
  const int64_t rank = x.rank() + static_cast<int64_t>(given.size());
  Extents out(static_cast<size_t>(rank), -1);
  for (int a : c.axes(given, rank)) {
    c.require(out[static_cast<size_t>(a)] == -1, "axis {} is given twice", a);
    out[static_cast<size_t>(a)] = 1;
  }
  size_t from = 0;
  for (int64_t& e : out)
    if (e == -1) e = x.extents()[from++];
  c.set(0, x.reshaped(out));
}

void transpose(Context& c) {
  const Tensor& x = c.in(0);
  std::vector<int> order(static_cast<size_t>(x.rank()));
  std::iota(order.rbegin(), order.rend(), 0);
  if (c.node().has("perm")) order = c.axes(c.node().get_ints("perm"), x.rank());
  std::vector<int> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 0; i < sorted.size(); ++i)
    c.require(sorted.size() == static_cast<size_t>(x.rank()) && sorted[i] == static_cast<int>(i),
              "perm is no permutation of {} axes", x.rank());
  c.set(0, transposed(c, x, order));
}

void expand(Context& c) {
  const Tensor& x = c.in(0);
  const Extents out = broadcast(c, {x.extents(), c.ints(1)});
  c.set(0, strided_copy(c, x, out, broadcast_strides(x.extents(), out)));
}

void tile_by(Context& c, const Extents& repeats) {
  const Tensor& x = c.in(0);
  c.require(repeats.size() == x.extents().size(), "{} repeats for rank {}", repeats.size(),
            x.rank());
  Extents split, out, source;
  for (size_t d = 0; d < repeats.size(); ++d) {
    c.require(repeats[d] >= 0, "negative repeats {}", text_of(repeats));
    split.insert(split.end(), {repeats[d], x.extents()[d]});
    source.insert(source.end(), {1, x.extents()[d]});
    int64_t extent = 0;
    c.require(!__builtin_mul_overflow(repeats[d], x.extents()[d], &extent), "repeats overflow");
    out.push_back(extent);
  }
  (void)c.count(out);
  c.set(0, strided_copy(c, x, split, broadcast_strides(source, split)).reshaped(out));
}

void tile(Context& c) {
  if (c.opset() >= 6) return tile_by(c, c.ints(1));
  Extents repeats(static_cast<size_t>(c.in(0).rank()), 1);
  const int axis = c.axis(elements<int64_t>(c.in(2)).at(0), c.in(0).rank());
  repeats[static_cast<size_t>(axis)] = elements<int64_t>(c.in(1)).at(0);
  tile_by(c, repeats);
}

void depth_to_space(Context& c) {
  const Tensor& x = c.in(0);
  const int64_t b = c.node().get_int("blocksize", 0);
  c.require(x.rank() == 4 && b > 0 && b < (1 << 20) && x.extents()[1] % (b * b) == 0,
            "{} in blocks of {}", text_of(x.extents()), b);
  const int64_t n = x.extents()[0], d = x.extents()[1] / (b * b), h = x.extents()[2],
                w = x.extents()[3];
  const bool crd = c.node().get_string("mode", "DCR") == "CRD";
  const Tensor split = x.reshaped(crd ? Extents{n, d, b, b, h, w} : Extents{n, b, b, d, h, w});
  const std::vector<int> order =
      crd ? std::vector<int>{0, 1, 4, 2, 5, 3} : std::vector<int>{0, 3, 4, 1, 5, 2};
  c.set(0, transposed(c, split, order).reshaped({n, d, h * b, w * b}));
}

void space_to_depth(Context& c) {
  const Tensor& x = c.in(0);
  const int64_t b = c.node().get_int("blocksize", 0);
  c.require(x.rank() == 4 && b > 0 && x.extents()[2] % b == 0 && x.extents()[3] % b == 0,
            "{} in blocks of {}", text_of(x.extents()), b);
  const int64_t n = x.extents()[0], d = x.extents()[1], h = x.extents()[2] / b,
                w = x.extents()[3] / b;
  const bool crd = c.node().get_string("mode", "DCR") == "CRD";
  const std::vector<int> order =
      crd ? std::vector<int>{0, 1, 3, 5, 2, 4} : std::vector<int>{0, 3, 5, 1, 2, 4};
  c.set(0, transposed(c, x.reshaped({n, d, h, b, w, b}), order).reshaped({n, d * b * b, h, w}));
}

}  // namespace

void register_shape_ops_kernels(Registry& r) {
  r.add("Identity", identity);
  r.add("Shape", shape);
  r.add("Size", size);
  r.add("Reshape", reshape);
  r.add("Flatten", flatten);
  r.add("Squeeze", squeeze);
  r.add("Unsqueeze", unsqueeze);
  r.add("Transpose", transpose);
  r.add("Expand", expand);
  r.add("Tile", tile);
  r.add("DepthToSpace", depth_to_space);
  r.add("SpaceToDepth", space_to_depth);
}

}  // namespace kasuri::reference
