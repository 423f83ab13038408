#include <algorithm>
#include <numeric>

#include "tests/fuzz/graphs/graph_maker.h"

namespace kasuri::testing {
namespace {

Facts moved(const Operand& x, size_t outputs = 1) {
  return {.exact = x.exact, .bound = x.bound, .outputs = outputs};
}

int64_t rank_of(const Operand& x) { return static_cast<int64_t>(x.rank()); }

Operand any_value(GraphMaker& m, int low_rank) {
  const auto suits = [&](const Operand& o) { return static_cast<int>(o.rank()) >= low_rank; };
  if (auto found = m.pick(suits)) return *found;
  return m.any_float(std::max(1, low_rank), 4);
}

void add_transpose(GraphMaker& m) {
  const Operand x = any_value(m, 2);
  std::vector<int64_t> order(x.rank());
  std::iota(order.begin(), order.end(), 0);
  if (m.chance(40))
    std::swap(order[order.size() - 1], order[order.size() - 2]);
  else
    for (size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[static_cast<size_t>(m.draw(0, static_cast<int64_t>(i) - 1))]);
  Attributes attributes;
  if (m.chance(90)) attributes["perm"] = order;
  const Operand turned = m.put("Transpose", {x.id}, attributes, moved(x));
  if (m.chance(25)) m.put("Transpose", {turned.id}, {{"perm", order}}, moved(x));
}

/// Extents of the same product: neighbours joined or split.
Extents regrouped(GraphMaker& m, const Extents& extents) {
  Extents out;
  for (int64_t e : extents) {
    if (!out.empty() && m.chance(35))
      out.back() *= e;
    else if (e % 2 == 0 && m.chance(30))
      out.insert(out.end(), {e / 2, 2});
    else
      out.push_back(e);
    if (m.chance(8)) out.push_back(1);
  }
  return out;
}

void add_reshape(GraphMaker& m) {
  const Operand x = any_value(m, 1);
  std::vector<int64_t> target = regrouped(m, x.extents);
  if (!target.empty() && m.chance(30))
    target[static_cast<size_t>(m.draw(0, static_cast<int64_t>(target.size()) - 1))] = -1;
  if (m.chance(20) && !target.empty() && target[0] == x.extents[0]) target[0] = 0;
  m.put("Reshape", {x.id, m.ints(target)}, {}, moved(x));
}

/// A target computed from the shape of the value: Shape, Gather, Concat, Reshape.
void add_computed_reshape(GraphMaker& m) {
  const Operand x = any_value(m, 2);
  const Operand shape = m.emit("Shape", {x.id}, {}, {.exact = true, .bound = 64})[0];
  const Operand first = m.emit("Gather", {shape.id, m.ints({0})}, {{"axis", int64_t{0}}},
                               {.exact = true, .bound = 64})[0];
  const Operand target = m.emit("Concat", {first.id, m.ints({-1})}, {{"axis", int64_t{0}}},
                                {.exact = true, .bound = 64})[0];
  const auto made = m.builder().add({"", "Reshape"}, "reshaped" + std::to_string(x.id.index()),
                                    {x.id, target.id});
  const Extents extents = {x.extents[0], x.count() / std::max<int64_t>(1, x.extents[0])};
  m.builder().set_type(made[0], ValueType::tensor(x.dtype, shape_of(extents)));
  m.offer({made[0], x.dtype, extents, x.exact, x.bound});
}

void add_unit_axes(GraphMaker& m) {
  const Operand x = any_value(m, 1);
  if (x.rank() <= 4 && m.chance(50)) {
    const int64_t axis = m.draw(-rank_of(x) - 1, rank_of(x));
    m.put_with_axes("Unsqueeze", x, {axis}, 13, {}, moved(x));
    return;
  }
  std::vector<int64_t> units;
  for (size_t i = 0; i < x.rank(); ++i)
    if (x.extents[i] == 1)
      units.push_back(static_cast<int64_t>(i) - (m.chance(30) ? rank_of(x) : 0));
  if (!units.empty())
    m.put_with_axes("Squeeze", x, units, 13, {}, moved(x));
  else
    m.put("Flatten", {x.id}, {{"axis", m.draw(-rank_of(x), rank_of(x))}}, moved(x));
}

void add_concat(GraphMaker& m) {
  const Operand x = any_value(m, 1);
  const int64_t axis = m.draw(0, rank_of(x) - 1);
  const auto fits = [&](const Operand& o) {
    if (o.dtype != x.dtype || o.rank() != x.rank()) return false;
    for (size_t i = 0; i < x.rank(); ++i)
      if (static_cast<int64_t>(i) != axis && o.extents[i] != x.extents[i]) return false;
    return true;
  };
  std::vector<ValueId> inputs = {x.id};
  bool exact = x.exact;
  double bound = x.bound;
  for (int64_t n = m.draw(1, 3); n > 0; --n) {
    const Operand y = m.chance(80) ? *m.pick(fits) : m.constant(x.dtype, x.extents, 0, 1);
    inputs.insert(m.chance(50) ? inputs.begin() : inputs.end(), y.id);
    exact = exact && y.exact;
    bound = std::max(bound, y.bound);
  }
  m.put("Concat", inputs, {{"axis", m.chance(30) ? axis - rank_of(x) : axis}},
        {.exact = exact, .bound = bound});
}

void add_slice(GraphMaker& m) {
  const Operand x = any_value(m, 1);
  std::vector<int64_t> starts, ends, axes, steps;
  for (size_t i = 0; i < x.rank(); ++i) {
    if (m.chance(40) || x.extents[i] < 2) continue;
    const int64_t n = x.extents[i];
    const bool back = m.chance(20);
    const int64_t low = m.draw(0, n - 2), high = m.draw(low + 1, n);
    axes.push_back(static_cast<int64_t>(i) - (m.chance(20) ? rank_of(x) : 0));
    steps.push_back((back ? -1 : 1) * m.one_of<int64_t>({1, 1, 1, 2, 3}));
    starts.push_back(back ? high - 1 : (m.chance(20) ? low - n : low));
    ends.push_back(back ? (low == 0 ? INT64_MIN + 1 : low - 1)
                        : (high == n && m.chance(50) ? INT64_MAX : high));
  }
  if (axes.empty()) return;
  m.put("Slice", {x.id, m.ints(starts), m.ints(ends), m.ints(axes), m.ints(steps)}, {}, moved(x));
}

void add_split(GraphMaker& m) {
  const Operand x = any_value(m, 1);
  const int64_t axis = m.draw(0, rank_of(x) - 1), n = x.extents[static_cast<size_t>(axis)];
  if (n < 2) return;
  const int64_t first = n % 2 == 0 && m.chance(60) ? n / 2 : m.draw(1, n - 1);
  const std::vector<int64_t> sizes = {first, n - first};
  std::vector<ValueId> inputs = {x.id};
  Attributes attributes = {{"axis", axis}};
  if (m.opset() >= 13)
    inputs.push_back(m.ints(sizes));
  else
    attributes["split"] = sizes;
  for (const Operand& part : m.emit("Split", inputs, attributes, moved(x, 2)))
    if (m.chance(85)) m.offer(part);
}

void add_pad(GraphMaker& m) {
  const Operand x = m.any_float(1, 4);
  const std::string mode = m.one_of<std::string>({"constant", "constant", "reflect", "edge"});
  std::vector<int64_t> pads(2 * x.rank(), 0);
  for (size_t i = 0; i < pads.size(); ++i) {
    const int64_t n = x.extents[i % x.rank()];
    if (m.chance(50)) pads[i] = m.draw(0, mode == "reflect" ? std::min<int64_t>(2, n - 1) : 2);
    if (mode == "constant" && n > 3 && m.chance(8)) pads[i] = -1;
  }
  std::vector<ValueId> inputs = {x.id, m.ints(pads)};
  if (mode == "constant" && m.chance(60))
    inputs.push_back(m.scalar(x.dtype, static_cast<double>(m.draw(-2, 2))));
  m.put("Pad", inputs, {{"mode", mode}}, {.exact = x.exact, .bound = std::max(2.0, x.bound)});
}

void add_repetition(GraphMaker& m) {
  const Operand x = any_value(m, 1);
  std::vector<int64_t> by(x.rank(), 1);
  by[static_cast<size_t>(m.draw(0, rank_of(x) - 1))] = m.draw(1, 3);
  if (m.chance(50)) {
    m.put("Tile", {x.id, m.ints(by)}, {}, moved(x));
    return;
  }
  Extents target = x.extents;
  for (int64_t& e : target)
    if (e == 1 && m.chance(70)) e = m.draw(1, 4);
  if (x.rank() < 4 && m.chance(40)) target.insert(target.begin(), m.draw(1, 3));
  m.put("Expand", {x.id, m.ints(target)}, {}, moved(x));
}

void add_block_move(GraphMaker& m) {
  const Operand x = m.any_float(4, 4);
  if (x.extents[1] % 4 == 0 && m.chance(60)) {
    Attributes attributes = {{"blocksize", int64_t{2}}};
    if (m.chance(50)) attributes["mode"] = m.one_of<std::string>({"DCR", "CRD"});
    m.put("DepthToSpace", {x.id}, attributes, moved(x));
  } else if (x.extents[2] % 2 == 0 && x.extents[3] % 2 == 0) {
    m.put("SpaceToDepth", {x.id}, {{"blocksize", int64_t{2}}}, moved(x));
  } else {
    m.put("Resize", {x.id, ValueId::none(), m.constant(DataType::kFloat, {4}, 1, 1).id},
          {{"mode", std::string("nearest")}}, moved(x));
  }
}

void add_resize(GraphMaker& m) {
  const Operand x = m.any_float(3, 4);
  if (x.dtype != DataType::kFloat || x.count() > 2000 || x.count() == 0) return;
  const std::string mode = m.one_of<std::string>({"nearest", "nearest", "linear", "cubic"});
  if (mode == "cubic" && x.rank() != 4) return;
  Attributes attributes = {{"mode", mode}};
  attributes["coordinate_transformation_mode"] =
      m.one_of<std::string>({"half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"});
  if (mode == "nearest" && m.chance(60))
    attributes["nearest_mode"] =
        m.one_of<std::string>({"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"});
  const Facts facts{.exact = mode == "nearest" && x.exact, .bound = 2 * x.bound};
  std::vector<float> scales(x.rank(), 1);
  std::vector<int64_t> sizes = x.extents;
  for (size_t i = 2; i < x.rank(); ++i) {
    scales[i] = m.one_of<float>({1, 2, 2, 3, 0.5F, 1.5F});
    sizes[i] = m.draw(1, 2 * x.extents[i] + 1);
    if (static_cast<float>(x.extents[i]) * scales[i] < 1) scales[i] = 2;
  }
  if (m.opset() >= 13 && m.chance(25)) {
    m.put("Resize", {x.id, ValueId::none(), ValueId::none(), m.ints(sizes)}, attributes, facts);
    return;
  }
  const ValueId factor = m.builder().constant(
      "scales", Tensor::of<float>({static_cast<int64_t>(scales.size())}, scales));
  m.put("Resize", {x.id, ValueId::none(), factor}, attributes, facts);
}

void add_cast(GraphMaker& m) {
  const auto to =
      m.one_of<DataType>({DataType::kFloat, DataType::kFloat, DataType::kDouble, DataType::kFloat16,
                          DataType::kInt32, DataType::kInt64, DataType::kBool});
  const Operand x = kasuri::is_float(to) && m.chance(70) ? any_value(m, 0) : m.exact_float();
  if (!x.exact && !kasuri::is_float(to)) return;
  const Operand safe = to == DataType::kFloat16 && x.is_float() ? m.tamed(x, 60) : x;
  if (to == DataType::kFloat16 && safe.bound > 1000) return;
  m.put("Cast", {safe.id}, {{"to", static_cast<int64_t>(to)}}, moved(safe));
}

using Move = void (*)(GraphMaker&);
const std::vector<Move> kMoves = {
    add_transpose,  add_transpose, add_transpose,       add_reshape,
    add_reshape,    add_reshape,   add_concat,          add_concat,
    add_slice,      add_slice,     add_split,           add_pad,
    add_cast,       add_cast,      add_unit_axes,       add_repetition,
    add_block_move, add_resize,    add_computed_reshape};

}  // namespace

void add_movement(GraphMaker& maker) { maker.one_of(kMoves)(maker); }

void add_indexing(GraphMaker& m) {
  const Operand x = any_value(m, 1);
  const int64_t axis = m.draw(0, rank_of(x) - 1), n = x.extents[static_cast<size_t>(axis)];
  if (m.chance(55)) {
    const Extents shape = m.chance(30) ? Extents{} : m.random_extents(1, 2);
    if (x.count() / std::max<int64_t>(1, n) * element_count(shape).value_or(1) > 20'000) return;
    const Operand at =
        m.constant(m.one_of<DataType>({DataType::kInt64, DataType::kInt32}), shape,
                   static_cast<double>(m.chance(30) ? -n : 0), static_cast<double>(n - 1));
    m.put("Gather", {x.id, at.id}, {{"axis", m.chance(30) ? axis - rank_of(x) : axis}}, moved(x));
  } else if (m.chance(40)) {
    const Operand at = m.constant(DataType::kInt64, x.extents, 0, static_cast<double>(n - 1));
    m.put("GatherElements", {x.id, at.id}, {{"axis", axis}}, moved(x));
  } else if (m.chance(40)) {
    const Operand at =
        m.constant(DataType::kInt64, {m.draw(1, 4), 1}, 0, static_cast<double>(x.extents[0] - 1));
    m.put("GatherND", {x.id, at.id}, {}, moved(x));
  } else if (m.chance(50) && m.opset() >= 14 && x.rank() >= 2) {
    m.put("Trilu", {x.id, m.scalar(DataType::kInt64, static_cast<double>(m.draw(-2, 2)))},
          {{"upper", m.draw(0, 1)}}, moved(x));
  } else if (x.is_float() && x.extents[0] >= 2) {
    Extents update = x.extents;
    update[0] = 1;
    const Operand at =
        m.constant(DataType::kInt64, {1, 1}, 0, static_cast<double>(x.extents[0] - 1));
    m.put("ScatterND", {x.id, at.id, m.constant(x.dtype, update, -1, 1).id}, {}, moved(x));
  }
}

}  // namespace kasuri::testing
