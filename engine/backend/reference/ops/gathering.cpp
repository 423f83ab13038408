#include <algorithm>

#include "engine/backend/reference/registry.h"
#include "engine/backend/reference/strided.h"
#include "engine/ir/number_formats.h"

// Elements taken by index.
namespace kasuri::reference {
namespace {

int64_t checked(const Context& c, int64_t index, int64_t extent) {
  c.require(index >= -extent && index < extent, "index {} is outside an axis of {}", index, extent);
  return index < 0 ? index + extent : index;
}

void gather(Context& c) {
  const Tensor &x = c.in(0), &indices = c.in(1);
  const auto axis = static_cast<size_t>(c.axis(c.node().get_int("axis", 0), x.rank()));
  const int64_t outer = product(x.extents(), 0, axis), extent = x.extents()[axis],
                block = product(x.extents(), axis + 1);
  Extents out(x.extents().begin(), x.extents().begin() + static_cast<int64_t>(axis));
  out.insert(out.end(), indices.extents().begin(), indices.extents().end());
  out.insert(out.end(), x.extents().begin() + static_cast<int64_t>(axis) + 1, x.extents().end());
  std::vector<int64_t> at = c.ints(1);
  for (int64_t& i : at) i = checked(c, i, extent);
  (void)c.count(out);
  std::vector<int64_t> starts;
  starts.reserve(static_cast<size_t>(c.scratch_count({static_cast<int64_t>(at.size()), outer})));
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i : at) starts.push_back((o * extent + i) * block);
  c.set(0, gathered(c, x, out, block, starts));
}

void gather_elements(Context& c) {
  const Tensor &x = c.in(0), &indices = c.in(1);
  c.require(x.rank() == indices.rank(), "indices of rank {} into rank {}", indices.rank(),
            x.rank());
  const auto axis = static_cast<size_t>(c.axis(c.node().get_int("axis", 0), x.rank()));
  Strides strides = contiguous_strides(x.extents());
  const int64_t along = strides[axis], extent = x.extents()[axis];
  for (size_t d = 0; d < strides.size(); ++d)
    c.require(d == axis || indices.extents()[d] <= x.extents()[d], "indices {} into {}",
              text_of(indices.extents()), text_of(x.extents()));
  strides[axis] = 0;
  const std::vector<int64_t> at = c.ints(1);
  std::vector<int64_t> starts;
  starts.reserve(at.size());
  for_each_row<1>(indices.extents(), {strides}, [&](const std::array<int64_t, 1>& offset) {
    for (int64_t i = 0; i < row_length(indices.extents()); ++i)
      starts.push_back(offset[0] + i * row_step(strides) +
                       along * checked(c, at[starts.size()], extent));
  });
  c.set(0, gathered(c, x, indices.extents(), 1, starts));
}

void gather_nd(Context& c) {
  const Tensor &x = c.in(0), &indices = c.in(1);
  const auto batch = static_cast<size_t>(c.node().get_int("batch_dims", 0));
  c.require(indices.rank() >= 1, "indices must have an axis");
  const auto depth = static_cast<size_t>(indices.extents().back());
  c.require(batch < x.extents().size() && batch < indices.extents().size() &&
                batch + depth <= x.extents().size(),
            "indices {} into {}", text_of(indices.extents()), text_of(x.extents()));
  for (size_t d = 0; d < batch; ++d)
    c.require(x.extents()[d] == indices.extents()[d], "batch axes of {} and {} differ",
              text_of(x.extents()), text_of(indices.extents()));
  Extents out(indices.extents().begin(), indices.extents().end() - 1);
  out.insert(out.end(), x.extents().begin() + static_cast<int64_t>(batch + depth),
             x.extents().end());
  const Strides strides = contiguous_strides(x.extents());
  const int64_t per_batch = product(indices.extents(), batch, indices.extents().size() - 1);
  const int64_t block = product(x.extents(), batch + depth), item = product(x.extents(), batch);
  const std::vector<int64_t> at = c.ints(1);
  std::vector<int64_t> starts(
      depth == 0 ? static_cast<size_t>(product(indices.extents(), 0, indices.extents().size() - 1))
                 : at.size() / depth);
  for (size_t i = 0; i < starts.size(); ++i) {
    starts[i] = static_cast<int64_t>(i) / per_batch * item;
    for (size_t d = 0; d < depth; ++d)
      starts[i] += strides[batch + d] * checked(c, at[i * depth + d], x.extents()[batch + d]);
  }
  c.set(0, gathered(c, x, out, block, starts));
}

void compress(Context& c) {
  const bool flat = !c.node().has("axis");
  const Tensor x = flat ? c.in(0).reshaped({c.in(0).count()}) : c.in(0);
  const auto axis = static_cast<size_t>(c.axis(c.node().get_int("axis", 0), x.rank()));
  const std::vector<int64_t> keep = elements<int64_t>(c.in(1));
  const int64_t outer = product(x.extents(), 0, axis), extent = x.extents()[axis],
                block = product(x.extents(), axis + 1);
  std::vector<int64_t> kept, starts;
  for (int64_t i = 0; i < std::min(extent, static_cast<int64_t>(keep.size())); ++i)
    if (keep[static_cast<size_t>(i)]) kept.push_back(i);
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i : kept) starts.push_back((o * extent + i) * block);
  Extents out = x.extents();
  out[axis] = static_cast<int64_t>(kept.size());
  c.set(0, gathered(c, x, out, block, starts));
}

void non_zero(Context& c) {
  const Tensor& x = c.in(0);
  std::vector<Extents> points;
  Extents at(x.extents().size(), 0);
  const std::vector<double> values =
      x.dtype() == DataType::kString ? std::vector<double>() : elements<double>(x);
  for (double v : values) {
    if (v != 0) points.push_back(at);
    for (size_t d = at.size(); d-- > 0;) {
      if (++at[d] < x.extents()[d]) break;
      at[d] = 0;
    }
  }
  const size_t rank = at.size(), n = points.size();
  std::vector<int64_t> out(rank * n);
  for (size_t d = 0; d < rank; ++d)
    for (size_t i = 0; i < n; ++i) out[d * n + i] = points[i][d];
  c.set(0, c.pack(DataType::kInt64, {static_cast<int64_t>(rank), static_cast<int64_t>(n)}, out));
}

void reverse_sequence(Context& c) {
  const Tensor& x = c.in(0);
  const auto time = static_cast<size_t>(c.axis(c.node().get_int("time_axis", 0), x.rank()));
  const auto batch = static_cast<size_t>(c.axis(c.node().get_int("batch_axis", 1), x.rank()));
  c.require(time + batch == 1, "time and batch must be the first two axes");
  const std::vector<int64_t> lengths = c.ints(1);
  c.require(static_cast<int64_t>(lengths.size()) == x.extents()[batch],
            "{} lengths for a batch of {}", lengths.size(), x.extents()[batch]);
  const Strides strides = contiguous_strides(x.extents());
  std::vector<int64_t> starts;
  Extents at(2, 0);
  for (at[0] = 0; at[0] < x.extents()[0]; ++at[0])
    for (at[1] = 0; at[1] < x.extents()[1]; ++at[1]) {
      const int64_t length = lengths[static_cast<size_t>(at[batch])];
      c.require(length >= 0 && length <= x.extents()[time], "length {} of {}", length,
                x.extents()[time]);
      const int64_t t = at[time] < length ? length - 1 - at[time] : at[time];
      starts.push_back(t * strides[time] + at[batch] * strides[batch]);
    }
  c.set(0, gathered(c, x, x.extents(), product(x.extents(), 2), starts));
}

void one_hot(Context& c) {
  const Tensor& indices = c.in(0);
  const int64_t depth = truncate_to_int64(c.number(1, 0));
  c.require(depth >= 0 && c.in(2).count() == 2, "depth {} and {} values", depth, c.in(2).count());
  const int64_t rank = indices.rank() + 1;
  const auto axis = static_cast<size_t>(c.axis(c.node().get_int("axis", -1), rank));
  Extents out = indices.extents();
  out.insert(out.begin() + static_cast<int64_t>(axis), depth);
  const int64_t outer = product(indices.extents(), 0, axis),
                inner = product(indices.extents(), axis);
  const std::vector<int64_t> at = elements<int64_t>(indices);
  std::vector<int64_t> starts(static_cast<size_t>(c.scratch_count(out)), 0);
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = 0; i < inner; ++i) {
      int64_t hot = at[static_cast<size_t>(o * inner + i)];
      if (hot < 0) hot += depth;
      if (hot >= 0 && hot < depth) starts[static_cast<size_t>((o * depth + hot) * inner + i)] = 1;
    }
  c.set(0, gathered(c, c.in(2), out, 1, starts));
}

void trilu(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 2, "needs matrices");
  const int64_t k = c.integer(1, 0), columns = x.extents().back(),
                rows = x.extents()[static_cast<size_t>(x.rank() - 2)];
  const bool upper = c.node().get_int("upper", 1) != 0;
  std::vector<int64_t> starts(static_cast<size_t>(c.scratch_count(x.extents())));
  for (int64_t i = 0; i < x.count(); ++i) {
    const int64_t distance = i % columns - i / columns % rows;
    starts[static_cast<size_t>(i)] = (upper ? distance >= k : distance <= k) ? i : -1;
  }
  c.set(0, gathered(c, x, x.extents(), 1, starts));
}

}  // namespace

void register_gathering_kernels(Registry& r) {
  r.add("Gather", gather);
  r.add("GatherElements", gather_elements);
  r.add("GatherND", gather_nd);
  r.add("Compress", compress);
  r.add("NonZero", non_zero);
  r.add("ReverseSequence", reverse_sequence);
  r.add("OneHot", one_hot);
  r.add("Trilu", trilu);
}

}  // namespace kasuri::reference
