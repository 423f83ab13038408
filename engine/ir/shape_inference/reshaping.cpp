#include <fmt/format.h>

#include <algorithm>

#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

/// The one extent a -1 stands for, given the input's and the other output extents.
Dim deduced(Context& c, const Shape& out, size_t hole) {
  const Shape& in = *c.shape(0);
  Shape rest = out;
  rest[hole] = 1;
  // Symbols on both sides cancel.
  Shape left = in;
  for (Dim& d : rest) {
    if (d.symbol().empty()) continue;
    const auto same = std::find(left.begin(), left.end(), d);
    if (same == left.end()) continue;
    *same = 1;
    d = 1;
  }
  const Dim total = product(left, 0, left.size());
  const Dim others = product(rest, 0, rest.size());
  if (others.known() && others.value() == 1) return total;
  if (!total.known() || !others.known()) return {};
  if (others.value() == 0) {
    if (total.value() != 0) c.fail("a tensor with elements cannot take a shape with extent 0");
    return Dim(0);
  }
  if (total.value() % others.value() != 0)
    c.fail(fmt::format("{} elements do not divide into {}", total.value(), text_of(rest)));
  return Dim(total.value() / others.value());
}

void check_count(Context& c, const Shape& out) {
  const Dim before = c.elements(0);
  const Dim after = product(out, 0, out.size());
  if (conflict(before, after))
    c.fail(fmt::format("{} elements cannot take the shape {}", before.value(), text_of(out)));
}

void reshape_to(Context& c, const Integers& target) {
  const bool zero_is_zero = c.integer("allowzero", 0) != 0;
  Shape out;
  std::optional<size_t> hole;
  for (size_t i = 0; i < target.size(); ++i) {
    if (target[i] < -1) return c.fail(fmt::format("extent {} in the target shape", target[i]));
    if (target[i] == -1 && hole) return c.fail("more than one -1 in the target shape");
    if (target[i] == -1) hole = i;
    if (target[i] == 0 && !zero_is_zero) {
      if (c.rank(0) >= 0 && static_cast<int>(i) >= c.rank(0))
        return c.fail("a 0 in the target shape stands beyond the input's rank");
      out.push_back(c.dim(0, static_cast<int64_t>(i)));
    } else {
      out.push_back(target[i] < 0 ? Dim() : Dim(target[i]));
    }
  }
  if (hole && c.shape(0))
    out[*hole] = deduced(c, out, *hole);
  else if (!hole)
    check_count(c, out);
  c.set(0, c.dtype(0), std::move(out));
}

void reshape(Context& c) {
  if (!c.want_input(0)) return;
  const ListArgument target = c.list_argument("shape", 1);
  if (!target.present) return c.fail("the target shape is missing");
  if (target.values) return reshape_to(c, *target.values);
  const Dim rank = c.dim(1, 0);
  MaybeShape out;
  if (rank.known() && rank.value() <= 64) out = unknown_shape(static_cast<size_t>(rank.value()));
  c.set(0, c.dtype(0), std::move(out));
}

void flatten(Context& c) {
  if (!c.want_input(0)) return;
  if (!c.shape(0)) return c.set(0, c.dtype(0), unknown_shape(2));
  const int64_t given = c.integer("axis", 1);
  if (given < -c.rank(0) || given > c.rank(0))
    return c.fail(fmt::format("axis {} is outside a tensor of rank {}", given, c.rank(0)));
  const size_t at = static_cast<size_t>(given < 0 ? given + c.rank(0) : given);
  const Shape& in = *c.shape(0);
  c.set(0, c.dtype(0), Shape{product(in, 0, at), product(in, at, in.size())});
}

void squeeze(Context& c) {
  if (!c.want_input(0)) return;
  const ListArgument argument = c.list_argument("axes", 1);
  if (!c.shape(0) || (argument.present && !argument.values)) return c.set(0, c.dtype(0));
  const Shape& in = *c.shape(0);
  std::vector<bool> gone(in.size(), false);
  if (argument.present) {
    const auto axes = c.axes(*argument.values, c.rank(0));
    if (!axes) return;
    for (int a : *axes) {
      const Dim& d = in[static_cast<size_t>(a)];
      if (d.known() && d.value() != 1)
        return c.fail(fmt::format("axis {} has extent {}, not 1", a, d.value()));
      gone[static_cast<size_t>(a)] = true;
    }
  } else if (!is_static(in)) {
    return c.set(0, c.dtype(0));
  } else {
    for (size_t i = 0; i < in.size(); ++i) gone[i] = in[i].value() == 1;
  }
  Shape out;
  for (size_t i = 0; i < in.size(); ++i)
    if (!gone[i]) out.push_back(in[i]);
  c.set(0, c.dtype(0), std::move(out));
}

void unsqueeze(Context& c) {
  if (!c.want_input(0)) return;
  const ListArgument argument = c.list_argument("axes", 1);
  if (!argument.present) return c.fail("the axes are missing");
  if (!c.shape(0) || !argument.values) {
    const Dim count = c.dim(1, 0);
    MaybeShape out;
    if (c.shape(0) && count.known() && count.value() <= 64)
      out = unknown_shape(c.shape(0)->size() + static_cast<size_t>(count.value()));
    return c.set(0, c.dtype(0), std::move(out));
  }
  const Shape& in = *c.shape(0);
  const auto axes = c.axes(*argument.values, c.rank(0) + static_cast<int>(argument.values->size()));
  if (!axes) return;
  Shape out(in.size() + axes->size());
  for (int a : *axes) out[static_cast<size_t>(a)] = 1;
  size_t from = 0;
  for (size_t i = 0; i < out.size(); ++i)
    if (std::find(axes->begin(), axes->end(), static_cast<int>(i)) == axes->end())
      out[i] = in[from++];
  c.set(0, c.dtype(0), std::move(out));
}

void transpose(Context& c) {
  if (!c.want_input(0)) return;
  const auto perm = c.list("perm");
  if (!c.shape(0)) {
    MaybeShape out;
    if (perm) out = unknown_shape(perm->size());
    return c.set(0, c.dtype(0), std::move(out));
  }
  const Shape& in = *c.shape(0);
  if (!perm) return c.set(0, c.dtype(0), Shape(in.rbegin(), in.rend()));
  if (!c.want_count(*perm, in.size(), "perm")) return;
  const auto axes = c.axes(*perm, c.rank(0));
  if (!axes) return;
  Shape out;
  for (int a : *axes) out.push_back(in[static_cast<size_t>(a)]);
  c.set(0, c.dtype(0), std::move(out));
}

void expand(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  const auto target = c.ints(1);
  if (!target || !c.shape(0)) {
    MaybeShape out;
    const Dim rank = c.dim(1, 0);
    if (rank.known() && rank.value() <= 64 && c.rank(0) >= 0)
      out = unknown_shape(static_cast<size_t>(std::max<int64_t>(rank.value(), c.rank(0))));
    return c.set(0, c.dtype(0), std::move(out));
  }
  Shape wanted;
  for (int64_t e : *target) {
    if (e < 0) return c.fail(fmt::format("extent {} in the target shape", e));
    wanted.push_back(e);
  }
  MaybeShape out = broadcast(*c.shape(0), wanted);
  if (!out)
    return c.fail(fmt::format("{} does not expand to {}", text_of(*c.shape(0)), text_of(wanted)));
  c.set(0, c.dtype(0), std::move(out));
}

void shape_of_tensor(Context& c) {
  if (!c.want_input(0)) return;
  if (c.rank(0) < 0) return c.set(0, DataType::kInt64, unknown_shape(1));
  const int64_t rank = c.rank(0);
  const auto clamped = [&](int64_t at) {
    return std::clamp<int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  const int64_t start = clamped(c.integer("start", 0));
  const int64_t end = clamped(c.integer("end", rank));
  c.set(0, DataType::kInt64, Shape{std::max<int64_t>(0, end - start)});
}

void size_of_tensor(Context& c) {
  if (c.want_input(0)) c.set(0, DataType::kInt64, Shape{});
}

void depth_to_space(Context& c) {
  if (!c.want_input(0) || !c.want_rank(0, 4, 4)) return c.set(0, c.dtype(0), unknown_shape(4));
  const int64_t block = c.integer("blocksize", 0);
  if (block < 1 || block > 1 << 20)
    return c.fail("attribute 'blocksize' is missing or not positive");
  const Shape& in = *c.shape(0);
  if (in[1].known() && in[1].value() % (block * block) != 0)
    return c.fail("the channels do not divide by blocksize squared");
  c.set(0, c.dtype(0),
        Shape{in[0], quotient(in[1], block * block), product(in[2], Dim(block)),
              product(in[3], Dim(block))});
}

void space_to_depth(Context& c) {
  if (!c.want_input(0) || !c.want_rank(0, 4, 4)) return c.set(0, c.dtype(0), unknown_shape(4));
  const int64_t block = c.integer("blocksize", 0);
  if (block < 1 || block > 1 << 20)
    return c.fail("attribute 'blocksize' is missing or not positive");
  const Shape& in = *c.shape(0);
  for (int axis : {2, 3})
    if (c.dim(0, axis).known() && c.dim(0, axis).value() % block != 0)
      return c.fail("height and width do not divide by blocksize");
  c.set(0, c.dtype(0),
        Shape{in[0], product(in[1], Dim(block * block)), quotient(in[2], block),
              quotient(in[3], block)});
}

}  // namespace

void register_reshaping_shapes(Registry& r) {
  r.add("Reshape", reshape);
  r.add("Flatten", flatten);
  r.add("Squeeze", squeeze);
  r.add("Unsqueeze", unsqueeze);
  r.add("Transpose", transpose);
  r.add("Expand", expand);
  r.add("Shape", shape_of_tensor);
  r.add("Size", size_of_tensor);
  r.add("DepthToSpace", depth_to_space);
  r.add("SpaceToDepth", space_to_depth);
}

}  // namespace kasuri::shape_inference
