#include <algorithm>
#include <cmath>

#include "tests/fuzz/graphs/graph_maker.h"

namespace kasuri::testing {
namespace {

/// A weight as a constant, or as an input of the graph.
Operand weight(GraphMaker& m, DataType dtype, const Extents& extents) {
  if (m.chance(85)) return m.constant(dtype, extents, -1, 1);
  return m.input(dtype, extents);
}

double summed(const Operand& x, double terms) {
  return std::max(1.0, x.bound * std::sqrt(terms) * 2);
}

Facts sum_of(const Operand& x, int64_t terms) {
  return {.bound = summed(x, static_cast<double>(std::max<int64_t>(1, terms)))};
}

void add_matmul(GraphMaker& m) {
  const Operand x = m.any_float(1, 4);
  const int64_t k = x.extents.back();
  if (x.count() > 8000 || k == 0) return;
  if (x.rank() >= 2 && m.chance(25)) {  // attention scores
    std::vector<int64_t> order(x.rank());
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
    std::swap(order[x.rank() - 1], order[x.rank() - 2]);
    const Operand turned =
        m.emit("Transpose", {x.id}, {{"perm", order}}, {.exact = x.exact, .bound = x.bound})[0];
    Operand scores = m.put("MatMul", {x.id, turned.id}, {},
                           {.bound = x.bound * x.bound * static_cast<double>(k)});
    if (m.chance(60))
      m.put(m.one_of<std::string>({"Mul", "Div"}),
            {scores.id, m.scalar(x.dtype, m.one_of<double>({0.125, 0.25, 2}))}, {},
            {.bound = scores.bound * 4});
    return;
  }
  Extents shape = {k, m.one_of<int64_t>({1, 3, 4, 8, 16, 17})};
  if (x.rank() >= 3 && m.chance(25)) shape.insert(shape.begin(), x.extents[x.rank() - 3]);
  if (m.chance(8)) shape = {k};
  const Operand w = weight(m, x.dtype, shape);
  Operand y = m.put("MatMul", {x.id, w.id}, {}, sum_of(x, k));
  if (m.chance(50) && y.rank() > 0)
    y = m.put("Add", {y.id, m.constant(x.dtype, {y.extents.back()}, -1, 1).id}, {},
              {.bound = y.bound + 1});
  if (m.chance(40))
    m.put(m.one_of<std::string>({"Relu", "Sigmoid", "Tanh"}), {y.id}, {}, {.bound = y.bound});
}

void add_gemm(GraphMaker& m) {
  const Operand x = m.any_float(2, 2);
  const bool turn_a = m.chance(25), turn_b = m.chance(50);
  const int64_t rows = x.extents[turn_a ? 1 : 0], k = x.extents[turn_a ? 0 : 1];
  const int64_t columns = m.one_of<int64_t>({1, 4, 5, 8, 16});
  if (k == 0) return;
  std::vector<ValueId> inputs = {
      x.id, weight(m, x.dtype, turn_b ? Extents{columns, k} : Extents{k, columns}).id};
  if (m.chance(70)) {
    const auto shape = m.one_of<Extents>(
        {{columns}, {columns}, {1, columns}, {rows, columns}, {rows, 1}, {1}, {}});
    inputs.push_back(weight(m, x.dtype, shape).id);
  }
  Attributes attributes;
  if (turn_a) attributes["transA"] = int64_t{1};
  if (turn_b) attributes["transB"] = int64_t{1};
  if (m.chance(30)) attributes["alpha"] = m.one_of<float>({0.5F, 2.0F, -1.0F});
  if (m.chance(30)) attributes["beta"] = m.one_of<float>({0.5F, 0.0F, 2.0F});
  Facts facts = sum_of(x, k);
  facts.bound = facts.bound * 2 + 4;
  const Operand y = m.put("Gemm", inputs, attributes, facts);
  if (m.chance(40))
    m.put(m.one_of<std::string>({"Relu", "Tanh", "Sigmoid"}), {y.id}, {}, {.bound = y.bound});
}

void add_einsum(GraphMaker& m) {
  const Operand x = m.any_float(2, 3);
  if (x.count() > 3000 || x.count() == 0) return;
  const Extents& e = x.extents;
  if (x.rank() == 2) {
    const auto equation = m.one_of<std::string>({"ij,jk->ik", "ij,jk->ki", "ij,ij->i", "ij,j->ij"});
    const Extents other = equation == "ij,ij->i"   ? e
                          : equation == "ij,j->ij" ? Extents{e[1]}
                                                   : Extents{e[1], m.draw(1, 8)};
    m.put("Einsum", {x.id, weight(m, x.dtype, other).id}, {{"equation", equation}},
          sum_of(x, e[1]));
    return;
  }
  const auto equation = m.one_of<std::string>({"bij,bjk->bik", "bij,bkj->bik", "bij->bji"});
  std::vector<ValueId> inputs = {x.id};
  const int64_t k = m.draw(1, 8);
  if (equation == "bij,bjk->bik") inputs.push_back(weight(m, x.dtype, {e[0], e[2], k}).id);
  if (equation == "bij,bkj->bik") inputs.push_back(weight(m, x.dtype, {e[0], k, e[2]}).id);
  m.put("Einsum", inputs, {{"equation", equation}}, sum_of(x, e[2]));
}

Operand image(GraphMaker& m, size_t spatial) {
  const auto suits = [&](const Operand& o) {
    return o.is_float() && o.rank() == spatial + 2 && o.count() <= 6000 &&
           *std::min_element(o.extents.begin(), o.extents.end()) > 0;
  };
  if (auto found = m.pick(suits)) return *found;
  Extents extents = {m.draw(1, 2), m.one_of<int64_t>({1, 3, 4, 8, 16})};
  for (size_t i = 0; i < spatial; ++i) extents.push_back(m.draw(3, spatial == 1 ? 20 : 9));
  return m.input(DataType::kFloat, extents);
}

struct Geometry {
  Attributes attributes;
  Extents kernel;
};

/// Window attributes so that at least one position fits.
Geometry geometry(GraphMaker& m, const Operand& x, int64_t largest, bool dilates) {
  Geometry g;
  const size_t n = x.rank() - 2;
  std::vector<int64_t> pads(2 * n, 0), strides(n, 1), dilations(n, 1);
  for (size_t i = 0; i < n; ++i) {
    const int64_t k = m.draw(1, std::min(largest, x.extents[i + 2]));
    g.kernel.push_back(k);
    strides[i] = m.one_of<int64_t>({1, 1, 2, 3});
    if (dilates && k > 1 && 2 * (k - 1) + 1 <= x.extents[i + 2] && m.chance(25)) dilations[i] = 2;
    if (m.chance(50)) pads[i] = m.draw(0, k - 1);
    if (m.chance(50)) pads[i + n] = m.chance(70) ? pads[i] : m.draw(0, k - 1);
  }
  if (m.chance(15))
    g.attributes["auto_pad"] = m.one_of<std::string>({"SAME_UPPER", "SAME_LOWER", "VALID"});
  else
    g.attributes["pads"] = pads;
  g.attributes["strides"] = strides;
  if (dilates && m.chance(70)) g.attributes["dilations"] = dilations;
  return g;
}

Operand batch_norm(GraphMaker& m, const Operand& x) {
  const Extents c = {x.extents[1]};
  return m.put("BatchNormalization",
               {x.id, m.constant(x.dtype, c, -1.5, 1.5).id, m.constant(x.dtype, c, -1, 1).id,
                m.constant(x.dtype, c, -1, 1).id, m.constant(x.dtype, c, 0.5, 2).id},
               {{"epsilon", m.one_of<float>({1e-5F, 1e-3F})}}, {.bound = x.bound * 3 + 3});
}

/// What networks put behind a convolution.
void add_tail(GraphMaker& m, Operand y) {
  if (m.chance(35)) y = batch_norm(m, y);
  Extents channels(y.rank(), 1);
  channels[1] = y.extents[1];
  if (m.chance(20))
    y = m.put("Mul", {y.id, m.constant(y.dtype, channels, 0.5, 2).id}, {}, {.bound = y.bound * 2});
  if (m.chance(25)) {
    const auto same = m.pick([&](const Operand& o) {
      return o.dtype == y.dtype && o.extents == y.extents && o.id != y.id;
    });
    const ValueId other = same ? same->id : m.constant(y.dtype, channels, -1, 1).id;
    y = m.put("Add", {y.id, other}, {}, {.bound = y.bound + (same ? same->bound : 1)});
  }
  if (m.chance(55)) {
    const std::string op =
        m.one_of<std::string>({"Relu", "Relu", "Sigmoid", "Tanh", "LeakyRelu", "Silu"});
    const std::string first = op == "Silu" ? "Sigmoid" : op;
    const Operand z = m.put(first, {y.id}, {}, {.bound = y.bound});
    if (op == "Silu") m.put("Mul", {y.id, z.id}, {}, {.bound = y.bound});
  }
}

void add_transposed_convolution(GraphMaker& m, const Operand& x) {
  const size_t n = x.rank() - 2;
  if (x.count() > 600) return;
  const int64_t group = m.chance(25) ? x.extents[1] : 1;
  Extents shape = {x.extents[1], m.draw(1, 4)};
  std::vector<int64_t> strides, dilations, pads(2 * n, 0), extra;
  for (size_t i = 0; i < n; ++i) {
    shape.push_back(m.draw(1, 4));
    strides.push_back(m.draw(1, 3));
    dilations.push_back(m.chance(20) ? 2 : 1);
    const int64_t reach = (shape.back() - 1) * dilations.back();
    if (m.chance(50)) pads[i] = m.draw(0, reach / 2);
    if (m.chance(50)) pads[i + n] = m.draw(0, reach / 2);
    extra.push_back(m.draw(0, std::max(strides.back(), dilations.back()) - 1));
  }
  Attributes attributes = {{"strides", strides}, {"dilations", dilations}, {"group", group}};
  if (m.chance(15))
    attributes["auto_pad"] = m.one_of<std::string>({"SAME_UPPER", "SAME_LOWER", "VALID"});
  else if (m.chance(70))
    attributes["pads"] = pads;
  if (m.chance(30)) attributes["output_padding"] = extra;
  std::vector<ValueId> inputs = {x.id, weight(m, x.dtype, shape).id};
  if (m.chance(50)) inputs.push_back(weight(m, x.dtype, {shape[1] * group}).id);
  add_tail(m, m.put("ConvTranspose", inputs, attributes, sum_of(x, x.extents[1] * 9)));
}

/// Two or three branches of one input, added up.
void add_branches(GraphMaker& m, const Operand& x) {
  const int64_t channels = m.one_of<int64_t>({4, x.extents[1]});
  std::optional<Operand> sum;
  for (int64_t i = m.draw(2, 3); i > 0; --i) {
    const int64_t k = m.one_of<int64_t>({1, 3});
    const std::vector<int64_t> pads(4, k / 2);
    Operand y = m.put("Conv", {x.id, m.constant(x.dtype, {channels, x.extents[1], k, k}, -1, 1).id},
                      {{"pads", pads}}, sum_of(x, x.extents[1] * k * k));
    if (m.chance(50)) y = batch_norm(m, y);
    sum = sum ? m.put("Add", {sum->id, y.id}, {}, {.bound = sum->bound + y.bound}) : y;
  }
  if (m.chance(50)) m.put("Relu", {sum->id}, {}, {.bound = sum->bound});
}

}  // namespace

void add_contraction(GraphMaker& maker) {
  if (maker.chance(12)) return add_einsum(maker);
  if (maker.chance(60)) return add_matmul(maker);
  add_gemm(maker);
}

void add_convolution(GraphMaker& m) {
  const Operand x = image(m, static_cast<size_t>(m.one_of<int64_t>({1, 2, 2, 2, 2, 3})));
  if (m.chance(8)) return add_transposed_convolution(m, x);
  if (x.rank() == 4 && m.chance(12)) return add_branches(m, x);
  const int64_t in = x.extents[1];
  int64_t group = 1;
  if (m.chance(35)) group = in % 2 == 0 && m.chance(40) ? 2 : in;
  const int64_t out = group * m.one_of<int64_t>({1, 1, 2, 3, 4, 8});
  if (out > 64) return;
  Geometry g = geometry(m, x, 4, true);
  g.attributes["group"] = group;
  if (m.chance(50)) g.attributes["kernel_shape"] = g.kernel;
  Extents shape = {out, in / group};
  shape.insert(shape.end(), g.kernel.begin(), g.kernel.end());
  std::vector<ValueId> inputs = {x.id, weight(m, x.dtype, shape).id};
  if (m.chance(50)) inputs.push_back(weight(m, x.dtype, {out}).id);
  const int64_t terms = *element_count(shape) / out;
  add_tail(m, m.put("Conv", inputs, g.attributes, sum_of(x, terms)));
}

void add_pooling(GraphMaker& m) {
  const Operand x = image(m, static_cast<size_t>(m.one_of<int64_t>({1, 2, 2, 2, 3})));
  if (m.chance(30)) {
    const std::string op =
        m.one_of<std::string>({"GlobalAveragePool", "GlobalAveragePool", "GlobalMaxPool"});
    m.put(op, {x.id}, {}, {.exact = x.exact && op == "GlobalMaxPool", .bound = x.bound});
    return;
  }
  const bool largest = m.chance(50);
  Geometry g = geometry(m, x, 3, largest);
  g.attributes["kernel_shape"] = g.kernel;
  if (m.chance(20)) g.attributes["ceil_mode"] = int64_t{1};
  if (!largest && m.chance(50)) g.attributes["count_include_pad"] = m.draw(0, 1);
  m.put(largest ? "MaxPool" : "AveragePool", {x.id}, g.attributes,
        {.exact = largest && x.exact, .bound = x.bound});
}

}  // namespace kasuri::testing
