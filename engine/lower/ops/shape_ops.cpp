#include <algorithm>

#include "engine/lower/registry.h"

// Views: each output element is one input element, found by index arithmetic.
namespace kasuri::lower {
namespace {

/// Equal elements in row-major order, other extents.
Status lower_reshape(Context& c) {
  const int rank = static_cast<int>(c.out_extents().size());
  const Index linear = linearise(loops::identity(rank), c.out_extents());
  c.map(c.output(), c.load(0, delinearise(linear, c.in_extents(0))));
  return Done{};
}

Status lower_transpose(Context& c) {
  const int rank = c.rank(0);
  std::vector<int64_t> perm = c.node().get_ints("perm");
  if (perm.empty())
    for (int k = rank; k-- > 0;) perm.push_back(k);
  Indices at(rank);
  for (int k = 0; k < rank; ++k) at[perm[k]] = loops::variable(k);
  c.map(c.output(), c.load(0, at));
  return Done{};
}

Status lower_expand(Context& c) {
  c.map(c.output(), c.load_broadcast(0));
  return Done{};
}

Status lower_tile(Context& c) {
  Indices at;
  for (int k = 0; k < c.rank(0); ++k)
    at.push_back(loops::mod(loops::variable(k), std::max<int64_t>(1, c.in_extents(0)[k])));
  c.map(c.output(), c.load(0, at));
  return Done{};
}

/// out[n, c, h*b+i, w*b+j]: DCR reads channel (i*b+j)*C + c, CRD channel c*b*b + i*b + j.
Status lower_depth_to_space(Context& c) {
  const int64_t block = c.node().get_int("blocksize", 1);
  const int64_t channels = c.out_extents()[1];
  const Index i = loops::mod(loops::variable(2), block);
  const Index j = loops::mod(loops::variable(3), block);
  const Index cell = loops::add(loops::mul(i, block), j);
  const bool crd = c.node().get_string("mode", "DCR") == "CRD";
  const Index channel = crd ? loops::add(loops::mul(loops::variable(1), block * block), cell)
                            : loops::add(loops::mul(cell, channels), loops::variable(1));
  c.map(c.output(),
        c.load(0, {loops::variable(0), channel, loops::floor_div(loops::variable(2), block),
                   loops::floor_div(loops::variable(3), block)}));
  return Done{};
}

Status lower_space_to_depth(Context& c) {
  const int64_t block = c.node().get_int("blocksize", 1);
  const int64_t channels = c.in_extents(0)[1];
  const Index cell = loops::floor_div(loops::variable(1), channels);
  const Index row =
      loops::add(loops::mul(loops::variable(2), block), loops::floor_div(cell, block));
  const Index column = loops::add(loops::mul(loops::variable(3), block), loops::mod(cell, block));
  c.map(c.output(),
        c.load(0, {loops::variable(0), loops::mod(loops::variable(1), channels), row, column}));
  return Done{};
}

}  // namespace

void register_shape_ops_lowerings(Registry& r) {
  r.add("Reshape", lower_reshape, Movement::kView);
  r.add("Flatten", lower_reshape, Movement::kView);
  r.add("Squeeze", lower_reshape, Movement::kView);
  r.add("Unsqueeze", lower_reshape, Movement::kView);
  r.add("Transpose", lower_transpose, Movement::kView);
  r.add("Expand", lower_expand, Movement::kView);
  r.add("Tile", lower_tile, Movement::kView);
  r.add("DepthToSpace", lower_depth_to_space, Movement::kView);
  r.add("SpaceToDepth", lower_space_to_depth, Movement::kView);
}

}  // namespace kasuri::lower
