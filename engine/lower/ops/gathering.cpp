#include <algorithm>

#include "engine/lower/registry.h"

// Reads and writes at indices held in tensors.
namespace kasuri::lower {
namespace {

Indices variables(int first, int count) {
  Indices at;
  for (int k = 0; k < count; ++k) at.push_back(loops::variable(first + k));
  return at;
}

Index index_element(Context& c, size_t input, Indices at, int64_t limit) {
  const auto constant = c.constant_ints(input);
  if (constant && constant->size() == 1) {
    const int64_t i = (*constant)[0];
    if (i >= -limit && i < limit) return loops::constant(i < 0 ? i + limit : i);
  }
  return loops::indirect(c.input(input), std::move(at), limit, loops::OutOfRange::kReport);
}

Status lower_gather(Context& c) {
  const int rank = c.rank(0);
  const int index_rank = c.rank(1);
  const auto axis = static_cast<int>(normal_axis(c.node().get_int("axis", 0), rank));
  Indices at = variables(0, axis);
  at.push_back(index_element(c, 1, variables(axis, index_rank), c.in_extents(0)[axis]));
  for (int k = axis + 1; k < rank; ++k) at.push_back(loops::variable(k - 1 + index_rank));
  c.map(c.output(), c.load(0, at));
  return Done{};
}

Status lower_gather_elements(Context& c) {
  const int rank = c.rank(0);
  const int64_t axis = normal_axis(c.node().get_int("axis", 0), rank);
  Indices at = loops::identity(rank);
  at[axis] = index_element(c, 1, loops::identity(rank), c.in_extents(0)[axis]);
  c.map(c.output(), c.load(0, at));
  return Done{};
}

/// Coordinates held in the last axis of the index tensor, read at `prefix`.
Indices coordinates(Context& c, size_t input, const Indices& prefix, int first_axis, int count) {
  Indices at;
  for (int k = 0; k < count; ++k) {
    Indices from = prefix;
    from.push_back(loops::constant(k));
    at.push_back(loops::indirect(c.input(input), std::move(from), c.in_extents(0)[first_axis + k],
                                 loops::OutOfRange::kReport));
  }
  return at;
}

Status lower_gather_nd(Context& c) {
  const auto batch = static_cast<int>(c.node().get_int("batch_dims", 0));
  const int prefix_rank = c.rank(1) - 1;
  const auto depth = static_cast<int>(c.in_extents(1).back());
  Indices at = variables(0, batch);
  const Indices found = coordinates(c, 1, variables(0, prefix_rank), batch, depth);
  at.insert(at.end(), found.begin(), found.end());
  for (int k = batch + depth; k < c.rank(0); ++k)
    at.push_back(loops::variable(prefix_rank + k - batch - depth));
  c.map(c.output(), c.load(0, at));
  return Done{};
}

Result<loops::Stage::Combine> combine_of(Context& c) {
  const std::string reduction = c.node().get_string("reduction", "none");
  if (reduction == "none") return loops::Stage::Combine::kNone;
  if (reduction == "add") return loops::Stage::Combine::kAdd;
  if (reduction == "mul") return loops::Stage::Combine::kMul;
  if (reduction == "min") return loops::Stage::Combine::kMin;
  if (reduction == "max") return loops::Stage::Combine::kMax;
  return c.declined("reduction '" + reduction + "'");
}

Status scatter(Context& c, Indices to, Scalar update, Extents domain) {
  KASURI_TRY(const auto combine, combine_of(c));
  c.map(c.output(), c.load_broadcast(0));
  c.map(c.output(), std::move(domain), std::move(update), std::move(to));
  c.nest().stages.back().combine = combine;
  return Done{};
}

Status lower_scatter_nd(Context& c) {
  const int prefix_rank = c.rank(1) - 1;
  const auto depth = static_cast<int>(c.in_extents(1).back());
  Indices to = coordinates(c, 1, variables(0, prefix_rank), 0, depth);
  for (int k = depth; k < c.rank(0); ++k) to.push_back(loops::variable(prefix_rank + k - depth));
  return scatter(c, to, c.load_buffer(c.input(2), loops::identity(c.rank(2))), c.in_extents(2));
}

Status lower_scatter_elements(Context& c) {
  const int rank = c.rank(0);
  const int64_t axis = normal_axis(c.node().get_int("axis", 0), rank);
  Indices to = loops::identity(rank);
  to[axis] = loops::indirect(c.input(1), loops::identity(rank), c.in_extents(0)[axis],
                             loops::OutOfRange::kReport);
  return scatter(c, to, c.load_buffer(c.input(2), loops::identity(rank)), c.in_extents(2));
}

Status lower_range(Context& c) {
  const Scalar start = c.load(0, {});
  const Scalar step = c.load(2, {});
  const Scalar i = loops::cast(loops::index_value(loops::variable(0)), start->type);
  c.map(c.output(),
        loops::binary(loops::BinaryOp::kAdd, start, loops::binary(loops::BinaryOp::kMul, i, step)));
  return Done{};
}

}  // namespace

void register_gathering_lowerings(Registry& r) {
  r.add("Gather", lower_gather);
  r.add("GatherElements", lower_gather_elements);
  r.add("GatherND", lower_gather_nd);
  r.add("ScatterND", lower_scatter_nd);
  r.add("ScatterElements", lower_scatter_elements);
  r.add("Range", lower_range);
}

}  // namespace kasuri::lower
