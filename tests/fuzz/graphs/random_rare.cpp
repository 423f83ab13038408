#include <algorithm>

#include "tests/fuzz/graphs/graph_maker.h"

// Operators that networks rarely have, each now and then.
namespace kasuri::testing {
namespace {

int64_t rank_of(const Operand& x) { return static_cast<int64_t>(x.rank()); }

int64_t any_axis(GraphMaker& m, const Operand& x) { return m.draw(-rank_of(x), rank_of(x) - 1); }

int64_t extent(const Operand& x, int64_t axis) {
  return x.extents[static_cast<size_t>(axis < 0 ? axis + rank_of(x) : axis)];
}

void add_trigonometry(GraphMaker& m) {
  const Operand x = m.any_float(1, 4);
  const std::string op =
      m.one_of<std::string>({"Sinh", "Cosh", "Tan", "Asinh", "Asin", "Acos", "Atanh", "Acosh"});
  const Operand small = m.emit("Tanh", {x.id}, {}, {.bound = 1})[0];
  const Operand safe = m.emit("Mul", {small.id, m.scalar(x.dtype, 0.875)}, {}, {.bound = 0.875})[0];
  if (op != "Acosh") {
    m.put(op, {safe.id}, {}, {.bound = 4});
    return;
  }
  const Operand large = m.emit("Add", {safe.id, m.scalar(x.dtype, 2)}, {}, {.bound = 3})[0];
  m.put(op, {large.id}, {}, {.bound = 2});
}

void add_test(GraphMaker& m) {
  const Operand x = m.exact_float(1, 4);
  m.put(m.one_of<std::string>({"IsNaN", "IsInf"}), {x.id}, {}, {.exact = true});
}

void add_hardmax(GraphMaker& m) {
  const Operand x = m.exact_float(2, 4);
  m.put("Hardmax", {x.id}, {{"axis", any_axis(m, x)}}, {.exact = true});
}

void add_one_hot(GraphMaker& m) {
  const Operand at = m.constant(DataType::kInt64, m.random_extents(1, 2), -3, 4);
  const Operand values = m.constant(DataType::kFloat, {2}, -1, 1);
  m.put("OneHot", {at.id, m.scalar(DataType::kInt64, static_cast<double>(m.draw(1, 6))), values.id},
        {{"axis", m.one_of<int64_t>({-1, 0, 1})}}, {.exact = true});
}

void add_scatter(GraphMaker& m) {
  const Operand x = m.any_float(1, 4);
  if (x.count() == 0) return;
  const int64_t axis = any_axis(m, x);
  Extents part = x.extents;
  for (int64_t& e : part) e = m.draw(1, std::min<int64_t>(e, 3));
  part[static_cast<size_t>(axis < 0 ? axis + rank_of(x) : axis)] = 1;
  const double n = static_cast<double>(extent(x, axis));
  const Operand at = m.constant(DataType::kInt64, part, -n, n - 1);
  Attributes attributes = {{"axis", axis}};
  if (m.opset() >= 16 && m.chance(40)) attributes["reduction"] = std::string("add");
  m.put("ScatterElements", {x.id, at.id, m.constant(x.dtype, part, -1, 1).id}, attributes,
        {.exact = x.exact && attributes.size() == 1, .bound = x.bound + 1});
}

void add_reverse_sequence(GraphMaker& m) {
  const Operand x = m.any_float(2, 4);
  if (x.count() == 0) return;
  const bool swap = m.chance(50);
  const int64_t batch = swap ? 0 : 1, time = swap ? 1 : 0;
  const Operand lengths =
      m.constant(DataType::kInt64, {extent(x, batch)}, 1, static_cast<double>(extent(x, time)));
  m.put("ReverseSequence", {x.id, lengths.id}, {{"batch_axis", batch}, {"time_axis", time}},
        {.exact = x.exact, .bound = x.bound});
}

void add_norm_pool(GraphMaker& m) {
  const Operand x = m.tamed(m.any_float(3, 4), 20);
  if (m.chance(50)) {
    m.put("GlobalLpPool", {x.id}, {{"p", m.draw(1, 2)}}, {.bound = 20 * x.bound});
    return;
  }
  Extents kernel(x.rank() - 2, 2);
  for (size_t i = 0; i < kernel.size(); ++i) kernel[i] = std::min<int64_t>(2, x.extents[i + 2]);
  m.put("LpPool", {x.id}, {{"p", m.draw(1, 2)}, {"kernel_shape", kernel}}, {.bound = 4 * x.bound});
}

void add_newer_norm(GraphMaker& m) {
  const Operand x = m.any_float(2, 4);
  if (m.opset() < 23) return;
  m.put("RMSNormalization", {x.id, m.constant(x.dtype, {x.extents.back()}, 0.5, 2).id},
        {{"axis", int64_t{-1}}, {"epsilon", 0.01F}}, {.bound = 20});
}

void add_attention(GraphMaker& m) {
  const Operand x = m.tamed(m.any_float(4, 4), 4);
  if (m.opset() < 23 || x.count() > 2000 || x.count() == 0) return;
  Attributes attributes;
  if (m.chance(50)) attributes["is_causal"] = m.draw(0, 1);
  if (m.chance(50)) attributes["scale"] = 0.5F;
  if (m.chance(30)) attributes["softcap"] = 2.0F;
  const Operand keys = m.constant(x.dtype, x.extents, -1, 1);
  m.put("Attention", {x.id, keys.id, m.chance(50) ? keys.id : x.id}, attributes,
        {.bound = x.bound});
}

void add_grid_sample(GraphMaker& m) {
  const Operand x = m.any_float(4, 4);
  if (m.opset() < 16 || x.dtype != DataType::kFloat || x.count() > 2000 || x.count() == 0) return;
  const Operand grid =
      m.constant(x.dtype, {x.extents[0], m.draw(1, 5), m.draw(1, 5), 2}, -1.2, 1.2);
  m.put("GridSample", {x.id, grid.id},
        {{"mode", std::string(m.opset() >= 20 ? "linear" : "bilinear")},
         {"align_corners", m.draw(0, 1)},
         {"padding_mode", m.one_of<std::string>({"zeros", "border"})}},
        {.bound = x.bound});
}

void add_log_sum(GraphMaker& m) {
  const Operand x = m.any_float(1, 4);
  m.put_with_axes("ReduceLogSum", m.positive(x), {any_axis(m, x)}, 18, {{"keepdims", m.draw(0, 1)}},
                  {.bound = 20});
}

void add_generated(GraphMaker& m) {
  const Operand x = m.any_float(2, 2);
  if (m.chance(30)) {
    m.put("EyeLike", {x.id}, {{"k", m.draw(-2, 2)}}, {.exact = true});
  } else if (m.chance(50)) {
    m.put("ConstantOfShape", {m.ints({2, m.draw(1, 8)})},
          {{"value", Tensor::of<float>({1}, {m.chance(50) ? 0.5F : 0.0F})}}, {.exact = true});
  } else {
    m.put("Range",
          {m.scalar(DataType::kInt64, 1),
           m.scalar(DataType::kInt64, static_cast<double>(m.draw(2, 9))),
           m.scalar(DataType::kInt64, static_cast<double>(m.draw(1, 2)))},
          {}, {.exact = true, .bound = 9});
  }
}

void add_crop(GraphMaker& m) {
  const Operand x = m.any_float(2, 4);
  if (m.opset() < 18) return;
  m.put("CenterCropPad", {x.id, m.ints({m.draw(1, 9), m.draw(1, 9)})},
        {{"axes", std::vector<int64_t>{-2, -1}}}, {.exact = x.exact, .bound = x.bound});
}

/// Results whose extents only a run tells: outputs of the graph, nothing reads them.
void add_unknown_extent(GraphMaker& m) {
  const Operand x = m.exact_float(1, 3);
  const std::string op = m.one_of<std::string>({"NonZero", "Unique", "Compress"});
  std::vector<ValueId> inputs = {x.id};
  Attributes attributes;
  if (op == "Compress") {
    attributes["axis"] = int64_t{0};
    inputs.push_back(m.input(DataType::kBool, {x.extents[0]}).id);
  }
  m.leave(m.builder().add({"", op}, op + std::to_string(x.id.index()), inputs, 1, attributes)[0]);
}

/// Parts of a value in a sequence, one taken out, all joined again.
void add_sequence(GraphMaker& m) {
  const Operand x = m.any_float(1, 3);
  const std::string name = "parts" + std::to_string(m.draw(0, 1 << 30));
  const auto parts = m.builder().add({"", "SequenceConstruct"}, name, {x.id, x.id});
  if (m.chance(50))
    m.leave(m.builder().add({"", "SequenceAt"}, name + "_one",
                            {parts[0], m.scalar(DataType::kInt64, 1)})[0]);
  m.leave(m.builder().add({"", "ConcatFromSequence"}, name + "_all", {parts[0]}, 1,
                          {{"axis", any_axis(m, x)}})[0]);
  if (m.chance(50)) m.leave(parts[0]);
}

using Rarity = void (*)(GraphMaker&);
const std::vector<Rarity> kRarities = {add_trigonometry, add_trigonometry,     add_test,
                                       add_hardmax,      add_one_hot,          add_scatter,
                                       add_scatter,      add_reverse_sequence, add_norm_pool,
                                       add_newer_norm,   add_attention,        add_attention,
                                       add_grid_sample,  add_log_sum,          add_generated,
                                       add_crop,         add_unknown_extent,   add_sequence};

}  // namespace

void add_rarity(GraphMaker& maker) { maker.one_of(kRarities)(maker); }

}  // namespace kasuri::testing
