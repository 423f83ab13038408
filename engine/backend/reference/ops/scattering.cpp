#include <limits>

#include "engine/backend/reference/registry.h"
#include "engine/backend/reference/strided.h"

// Elements written by index.
namespace kasuri::reference {
namespace {

int64_t checked(const Context& c, int64_t index, int64_t extent) {
  c.require(index >= -extent && index < extent, "index {} is outside an axis of {}", index, extent);
  return index < 0 ? index + extent : index;
}

template <typename T>
T combined(const std::string& how, T old, T update) {
  if constexpr (std::is_integral_v<T>) {
    const auto a = static_cast<uint64_t>(old), b = static_cast<uint64_t>(update);
    if (how == "add") return static_cast<T>(a + b);
    if (how == "mul") return static_cast<T>(a * b);
  } else {
    if (how == "add") return old + update;
    if (how == "mul") return old * update;
  }
  if (how == "max") return old > update ? old : update;
  return old < update ? old : update;
}

/// data with blocks of `block` elements at `targets` replaced by, or combined with, the updates.
Tensor scattered(Context& c, const Tensor& data, const Tensor& updates, int64_t block,
                 const std::vector<int64_t>& targets) {
  c.require(data.dtype() == updates.dtype(), "{} is updated with {}", name_of(data.dtype()),
            name_of(updates.dtype()));
  c.require(updates.count() == static_cast<int64_t>(targets.size()) * block,
            "{} updates for {} places", updates.count(),
            static_cast<int64_t>(targets.size()) * block);
  const std::string how = c.node().get_string("reduction", "none");
  if (how == "none") {
    MoveTarget out(c, data.dtype(), data.extents());
    const MoveSource old(data), update(updates);
    out.copy(0, old, 0, data.count());
    for (size_t i = 0; i < targets.size(); ++i)
      out.copy(targets[i], update, static_cast<int64_t>(i) * block, block);
    return out.take();
  }
  return in_lane(data.dtype(), [&]<typename T>(T) {
    std::vector<T> out = elements<T>(data);
    const std::vector<T> update = elements<T>(updates);
    for (size_t i = 0; i < update.size(); ++i) {
      T& place = out[static_cast<size_t>(targets[i / static_cast<size_t>(block)] +
                                         static_cast<int64_t>(i) % block)];
      place = combined(how, place, update[i]);
    }
    return c.pack(data.dtype(), data.extents(), out);
  });
}

void scatter_elements(Context& c) {
  const Tensor &data = c.in(0), &indices = c.in(1);
  c.require(data.rank() == indices.rank() && indices.extents() == c.in(2).extents(),
            "indices {} and updates {} into {}", text_of(indices.extents()),
            text_of(c.in(2).extents()), text_of(data.extents()));
  const auto axis = static_cast<size_t>(c.axis(c.node().get_int("axis", 0), data.rank()));
  Strides strides = contiguous_strides(data.extents());
  const int64_t along = strides[axis], extent = data.extents()[axis];
  for (size_t d = 0; d < strides.size(); ++d)
    c.require(d == axis || indices.extents()[d] <= data.extents()[d], "indices {} into {}",
              text_of(indices.extents()), text_of(data.extents()));
  strides[axis] = 0;
  const std::vector<int64_t> at = c.ints(1);
  std::vector<int64_t> targets;
  for_each_row<1>(indices.extents(), {strides}, [&](const std::array<int64_t, 1>& offset) {
    for (int64_t i = 0; i < row_length(indices.extents()); ++i)
      targets.push_back(offset[0] + i * row_step(strides) +
                        along * checked(c, at[targets.size()], extent));
  });
  c.set(0, scattered(c, data, c.in(2), 1, targets));
}

void scatter_nd(Context& c) {
  const Tensor &data = c.in(0), &indices = c.in(1);
  c.require(indices.rank() >= 1 && indices.extents().back() <= data.rank(), "indices {} into {}",
            text_of(indices.extents()), text_of(data.extents()));
  const auto depth = static_cast<size_t>(indices.extents().back());
  const Strides strides = contiguous_strides(data.extents());
  const std::vector<int64_t> at = c.ints(1);
  std::vector<int64_t> targets(
      static_cast<size_t>(product(indices.extents(), 0, indices.extents().size() - 1)), 0);
  for (size_t i = 0; i < targets.size(); ++i)
    for (size_t d = 0; d < depth; ++d)
      targets[i] += strides[d] * checked(c, at[i * depth + d], data.extents()[d]);
  c.set(0, scattered(c, data, c.in(2), product(data.extents(), depth), targets));
}

/// Writes updates [batch, ..., length, ...] into a cache at a place per batch entry (opset 24).
void tensor_scatter(Context& c) {
  const Tensor &cache = c.in(0), &update = c.in(1);
  const bool circular = c.node().get_string("mode", "linear") == "circular";
  const auto axis = static_cast<size_t>(c.axis(c.node().get_int("axis", -2), cache.rank()));
  c.require(axis >= 1 && cache.rank() == update.rank() && cache.extents()[0] == update.extents()[0],
            "updates {} into {}", text_of(update.extents()), text_of(cache.extents()));
  const int64_t room = cache.extents()[axis], length = update.extents()[axis],
                batch = cache.extents()[0];
  const int64_t inner = product(cache.extents(), axis + 1),
                middle = product(cache.extents(), 1, axis);
  std::vector<int64_t> starts = c.ints(2, std::vector<int64_t>(static_cast<size_t>(batch), 0));
  c.require(static_cast<int64_t>(starts.size()) == batch &&
                product(update.extents(), axis + 1) == inner &&
                product(update.extents(), 1, axis) == middle,
            "updates {} into {}", text_of(update.extents()), text_of(cache.extents()));
  std::vector<int64_t> targets;
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t m = 0; m < middle; ++m)
      for (int64_t i = 0; i < length; ++i) {
        int64_t at = starts[static_cast<size_t>(b)] + i;
        if (circular) at %= room;
        c.require(at >= 0 && at < room, "place {} of an axis of {}", at, room);
        targets.push_back(((b * middle + m) * room + at) * inner);
      }
  c.set(0, scattered(c, cache, update, inner, targets));
}

}  // namespace

void register_scattering_kernels(Registry& r) {
  r.add("Scatter", scatter_elements);
  r.add("ScatterElements", scatter_elements);
  r.add("ScatterND", scatter_nd);
  r.add("TensorScatter", tensor_scatter);
}

}  // namespace kasuri::reference
