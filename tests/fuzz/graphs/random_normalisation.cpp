#include <algorithm>

#include "tests/fuzz/graphs/graph_maker.h"

namespace kasuri::testing {
namespace {

Operand mean(GraphMaker& m, const Operand& x, int64_t axis) {
  return m.put_with_axes("ReduceMean", x, {axis}, 18, {{"keepdims", int64_t{1}}},
                         {.bound = x.bound});
}

Operand binary(GraphMaker& m, const std::string& op, const Operand& a, const Operand& b,
               double bound) {
  return m.put(op, {a.id, b.id}, {}, {.bound = bound});
}

Operand with_constant(GraphMaker& m, const std::string& op, const Operand& a, double value,
                      double bound) {
  return m.put(op, {a.id, m.scalar(a.dtype, value)}, {}, {.bound = bound});
}

/// ReduceMean, Sub, Pow, ReduceMean, Add, Sqrt, Div, Mul, Add.
void spell_layer_norm(GraphMaker& m) {
  const Operand x = m.any_float(2, 4);
  const int64_t axis = m.chance(80) ? -1 : static_cast<int64_t>(x.rank()) - 1;
  const Operand centred = binary(m, "Sub", x, mean(m, x, axis), 2 * x.bound);
  const Operand squares = m.chance(70)
                              ? with_constant(m, "Pow", centred, 2, centred.bound * centred.bound)
                              : binary(m, "Mul", centred, centred, centred.bound * centred.bound);
  if (squares.dtype != x.dtype || squares.extents != x.extents) return;
  const Operand deviation =
      m.put("Sqrt",
            {with_constant(m, "Add", mean(m, squares, axis), m.one_of<double>({0.01, 0.1}), 4).id},
            {}, {.bound = 4});
  Operand y = binary(m, "Div", centred, deviation, 20);
  if (m.chance(70))
    y = m.put("Mul", {y.id, m.constant(x.dtype, {x.extents.back()}, 0.5, 2).id}, {}, {.bound = 40});
  if (m.chance(70))
    m.put("Add", {y.id, m.constant(x.dtype, {x.extents.back()}, -1, 1).id}, {}, {.bound = 41});
}

/// x - max, exp, sum, div.
void spell_softmax(GraphMaker& m) {
  const Operand x = m.any_float(2, 4);
  const int64_t axis = m.chance(75) ? -1 : m.draw(0, static_cast<int64_t>(x.rank()) - 1);
  const Operand top = m.put_with_axes("ReduceMax", x, {axis}, 18, {{"keepdims", int64_t{1}}},
                                      {.exact = x.exact, .bound = x.bound});
  const Operand powers = m.put("Exp", {binary(m, "Sub", x, top, 2 * x.bound).id}, {}, {});
  const Operand sum =
      m.put_with_axes("ReduceSum", powers, {axis}, 13, {{"keepdims", int64_t{1}}}, {.bound = 20});
  binary(m, "Div", powers, sum, 1);
}

/// x * 0.5 * (1 + erf(x / sqrt(2))), factors in any order; or the tanh form.
void spell_gelu(GraphMaker& m) {
  const Operand x = m.any_float(1, 4);
  if (m.chance(60)) {
    const Operand scaled = m.chance(60) ? with_constant(m, "Div", x, 1.4142135381698608, x.bound)
                                        : with_constant(m, "Mul", x, 0.7071067690849304, x.bound);
    const Operand raised = with_constant(m, "Add", m.put("Erf", {scaled.id}, {}, {}), 1, 2);
    if (m.chance(50))
      with_constant(m, "Mul", binary(m, "Mul", x, raised, 2 * x.bound), 0.5, x.bound);
    else
      binary(m, "Mul", with_constant(m, "Mul", x, 0.5, x.bound), raised, x.bound);
    return;
  }
  const Operand safe = m.tamed(x, 30);
  const Operand cube = with_constant(m, "Pow", safe, 3, safe.bound * safe.bound * safe.bound);
  if (cube.extents != safe.extents) return;
  const Operand inner =
      binary(m, "Add", safe, with_constant(m, "Mul", cube, 0.044715, cube.bound), cube.bound);
  const Operand waved =
      m.put("Tanh", {with_constant(m, "Mul", inner, 0.7978845608, inner.bound).id}, {}, {});
  binary(m, "Mul", with_constant(m, "Mul", safe, 0.5, safe.bound),
         with_constant(m, "Add", waved, 1, 2), safe.bound);
}

void spell_rms_norm(GraphMaker& m) {
  const Operand x = m.tamed(m.any_float(2, 4), 60);
  const Operand squares = binary(m, "Mul", x, x, x.bound * x.bound);
  if (squares.extents != x.extents) return;
  const Operand deviation = m.put(
      "Sqrt", {with_constant(m, "Add", mean(m, squares, -1), 0.01, 60).id}, {}, {.bound = 60});
  const Operand inverse = m.put("Reciprocal", {deviation.id}, {}, {.bound = 10});
  binary(m, "Mul", x, inverse, 20);
}

void spell_silu(GraphMaker& m) {
  const Operand x = m.any_float(1, 4);
  const std::string gate = m.one_of<std::string>({"Sigmoid", "HardSigmoid"});
  binary(m, "Mul", x, m.put(gate, {x.id}, {}, {}), x.bound);
}

}  // namespace

void add_spelled_out(GraphMaker& m) {
  using Spelling = void (*)(GraphMaker&);
  m.one_of<Spelling>({spell_layer_norm, spell_softmax, spell_gelu, spell_rms_norm, spell_silu})(m);
}

void add_normalisation(GraphMaker& m) {
  const Operand x = m.any_float(2, 4);
  const Extents channels = {x.extents[1]};
  const std::string op =
      m.one_of<std::string>({"Softmax", "Softmax", "LogSoftmax", "LayerNormalization",
                             "InstanceNormalization", "BatchNormalization", "LRN",
                             "LpNormalization", "MeanVarianceNormalization", "GroupNormalization"});
  const int64_t axis = m.draw(-static_cast<int64_t>(x.rank()), static_cast<int64_t>(x.rank()) - 1);
  if (op == "Softmax" || op == "LogSoftmax") {
    Attributes attributes;
    if (m.chance(80)) attributes["axis"] = m.chance(50) ? int64_t{-1} : axis;
    m.put(op, {x.id}, attributes, {.bound = 2 * x.bound + 10});
  } else if (op == "LayerNormalization" && m.opset() >= 17) {
    const Extents tail(x.extents.end() - 1, x.extents.end());
    std::vector<ValueId> inputs = {x.id, m.constant(x.dtype, tail, 0.5, 2).id};
    if (m.chance(60)) inputs.push_back(m.constant(x.dtype, tail, -1, 1).id);
    m.put(op, inputs, {{"axis", int64_t{-1}}, {"epsilon", 0.01F}}, {.bound = 20});
  } else if (op == "InstanceNormalization" && x.rank() >= 3) {
    m.put(op,
          {x.id, m.constant(x.dtype, channels, 0.5, 2).id, m.constant(x.dtype, channels, -1, 1).id},
          {{"epsilon", 0.01F}}, {.bound = 20});
  } else if (op == "BatchNormalization") {
    m.put(op,
          {x.id, m.constant(x.dtype, channels, -1, 1).id, m.constant(x.dtype, channels, -1, 1).id,
           m.constant(x.dtype, channels, -1, 1).id, m.constant(x.dtype, channels, 0.5, 2).id},
          {}, {.bound = 3 * x.bound + 3});
  } else if (op == "LRN" && x.rank() == 4) {
    m.put(op, {x.id}, {{"size", m.draw(1, 5)}, {"alpha", 0.1F}, {"beta", 0.75F}},
          {.bound = x.bound});
  } else if (op == "MeanVarianceNormalization" && x.rank() == 4) {
    m.put(op, {m.tamed(x, 40).id}, {}, {.bound = 20});
  } else if (op == "GroupNormalization" && m.opset() >= 21 && x.rank() >= 3) {
    const int64_t groups = x.extents[1] % 2 == 0 ? 2 : 1;
    m.put(op,
          {x.id, m.constant(x.dtype, channels, 0.5, 2).id, m.constant(x.dtype, channels, -1, 1).id},
          {{"num_groups", groups}, {"epsilon", 0.01F}}, {.bound = 20});
  } else if (op == "LpNormalization") {
    m.put(op, {m.positive(x).id}, {{"axis", axis}, {"p", m.draw(1, 2)}}, {});
  }
}

}  // namespace kasuri::testing
