#include <algorithm>
#include <cmath>

#include "tests/fuzz/graphs/graph_maker.h"

namespace kasuri::testing {
namespace {

/// Extents that broadcast to `extents`: leading axes dropped, others 1.
Extents broadcastable(GraphMaker& maker, const Extents& extents) {
  Extents out(extents.begin() +
                  (maker.chance(50) ? 0 : maker.draw(0, static_cast<int64_t>(extents.size()))),
              extents.end());
  for (int64_t& e : out)
    if (maker.chance(30)) e = 1;
  return out;
}

bool broadcasts(const Extents& a, const Extents& b) {
  int64_t count = 1;
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) return false;
    count *= std::max(x, y);
  }
  return count <= 20'000;
}

/// A second operand: another value, a constant, or `x` itself.
Operand partner(GraphMaker& maker, const Operand& x, double low, double high) {
  if (maker.chance(5)) return x;
  if (maker.chance(60))
    if (auto found = maker.pick([&](const Operand& o) {
          return o.dtype == x.dtype && broadcasts(o.extents, x.extents);
        }))
      return *found;
  return maker.constant(x.dtype, broadcastable(maker, x.extents), low, high);
}

void add_activation(GraphMaker& m, const Operand& x) {
  const float alpha = static_cast<float>(m.draw(1, 40)) / 20;
  const std::string op = m.one_of<std::string>({"LeakyRelu", "Elu", "Selu", "HardSigmoid", "Celu",
                                                "Clip", "PRelu", "HardSwish", "Gelu", "Mish"});
  if (op == "Clip") {
    const double low = static_cast<double>(m.draw(-4, 1)) / 2;
    const bool no_top = m.chance(20);
    std::vector<ValueId> inputs = {x.id, m.chance(15) ? ValueId::none() : m.scalar(x.dtype, low)};
    if (!no_top) inputs.push_back(m.scalar(x.dtype, low + static_cast<double>(m.draw(1, 6)) / 2));
    m.put("Clip", inputs, {}, {.exact = x.exact, .bound = x.bound + 2});
  } else if (op == "PRelu") {
    Extents slope = broadcastable(m, x.extents);
    m.put("PRelu", {x.id, m.constant(x.dtype, slope, -1, 1).id}, {}, {.bound = x.bound});
  } else if (op == "HardSwish" && m.opset() >= 14) {
    m.put("HardSwish", {x.id}, {}, {.bound = x.bound});
  } else if (op == "Gelu" && m.opset() >= 20) {
    m.put("Gelu", {x.id}, {{"approximate", m.one_of<std::string>({"none", "tanh"})}},
          {.bound = x.bound});
  } else if (op == "Mish" && m.opset() >= 18) {
    m.put("Mish", {x.id}, {}, {.bound = x.bound});
  } else if (op == "Elu" || op == "LeakyRelu" || op == "Celu" || op == "Selu") {
    if (op == "Celu" && x.dtype != DataType::kFloat) return;
    const Operand safe = m.tamed(x, 60);
    Attributes attributes;
    if (op != "Selu" && m.chance(70)) attributes["alpha"] = alpha;
    m.put(op, {safe.id}, attributes, {.bound = safe.bound * 2 + 2});
  } else {
    m.put("HardSigmoid", {x.id}, {{"alpha", 0.1F * alpha}, {"beta", 0.5F}}, {});
  }
}

void add_unary(GraphMaker& m, const Operand& x) {
  const std::string op = m.one_of<std::string>(
      {"Relu", "Relu", "Sigmoid", "Sigmoid", "Tanh", "Neg", "Abs", "Erf", "Exp", "Log", "Sqrt",
       "Reciprocal", "Softplus", "Softsign", "Sin", "Cos", "Identity", "Atan", "Dropout"});
  if (op == "Exp" || op == "Softplus" || op == "Sin" || op == "Cos") {
    const Operand safe = m.tamed(x, 6);
    m.put(op, {safe.id}, {}, {.bound = op == "Exp" ? std::exp(safe.bound) : safe.bound + 1});
  } else if (op == "Log" || op == "Sqrt" || op == "Reciprocal") {
    m.put(op, {m.positive(x).id}, {}, {.bound = std::max(2.0, std::sqrt(x.bound + 1))});
  } else {
    const bool selects =
        op == "Relu" || op == "Neg" || op == "Abs" || op == "Identity" || op == "Dropout";
    const bool squashes = op == "Sigmoid" || op == "Tanh" || op == "Erf" || op == "Softsign";
    m.put(op, {x.id}, {}, {.exact = x.exact && selects, .bound = squashes ? 1 : x.bound + 2});
  }
}

void add_binary(GraphMaker& m, const Operand& x) {
  const std::string op = m.one_of<std::string>(
      {"Add", "Add", "Add", "Sub", "Mul", "Mul", "Mul", "Div", "Pow", "Min", "Max", "Sum", "Mean"});
  const bool swap = m.chance(25);
  if (op == "Div") {
    const bool constant = m.chance(60);
    const Operand y = constant ? m.constant(x.dtype, broadcastable(m, x.extents), 0.5, 2)
                               : m.positive(partner(m, x, 0.5, 2));
    m.put("Div", {x.id, y.id}, {}, {.bound = x.bound * 2});
  } else if (op == "Pow") {
    const double power = m.one_of<double>({2, 2, 2, 3, 0.5, 1, -1});
    const bool whole = power > 1.5;
    const Operand base = whole ? m.tamed(x, 20) : m.positive(m.tamed(x, 100));
    m.put("Pow", {base.id, m.scalar(x.dtype, power)}, {},
          {.bound = std::pow(base.bound + 1, std::max(1.0, power))});
  } else {
    const Operand y = partner(m, x, -2, 2);
    std::vector<ValueId> inputs =
        swap ? std::vector<ValueId>{y.id, x.id} : std::vector<ValueId>{x.id, y.id};
    const bool selects = op == "Min" || op == "Max";
    if ((selects || op == "Sum" || op == "Mean") && m.chance(30)) inputs.push_back(x.id);
    const double bound = op == "Mul" ? x.bound * y.bound : 2 * (x.bound + y.bound);
    m.put(op, inputs, {}, {.exact = selects && x.exact && y.exact, .bound = bound});
  }
}

/// A jump at the end of exact arithmetic: rounding and signs.
void add_jump(GraphMaker& m) {
  const Operand x = m.exact_float();
  const std::string op =
      m.one_of<std::string>({"Floor", "Ceil", "Round", "Sign", "ThresholdedRelu", "Shrink"});
  const bool narrow = x.dtype == DataType::kBfloat16;
  if (narrow) return;
  m.put(op, {x.id}, {}, {.exact = true, .bound = x.bound + 1});
}

}  // namespace

void add_elementwise(GraphMaker& maker) {
  const int64_t dice = maker.draw(0, 99);
  if (dice < 8) return add_jump(maker);
  const Operand x = maker.any_float();
  if (dice < 45) return add_binary(maker, x);
  if (dice < 75) return add_unary(maker, x);
  add_activation(maker, x);
}

void add_comparison(GraphMaker& m) {
  if (m.chance(30)) {
    const Operand a = m.any_bool();
    if (m.chance(30)) {
      m.put("Not", {a.id}, {}, {.exact = true});
      return;
    }
    const auto b = m.pick([&](const Operand& o) {
      return o.dtype == DataType::kBool && broadcasts(a.extents, o.extents);
    });
    m.put(m.one_of<std::string>({"And", "Or", "Xor"}), {a.id, b ? b->id : a.id}, {},
          {.exact = true});
    return;
  }
  const Operand x = m.chance(70) ? m.exact_float() : m.any_integer();
  const Operand y = m.constant(x.dtype, broadcastable(m, x.extents), -1, 1);
  const std::string op =
      m.one_of<std::string>({"Less", "Greater", "Equal", "LessOrEqual", "GreaterOrEqual"});
  const Operand test = m.put(op, {x.id, y.id}, {}, {.exact = true});
  if (m.chance(40)) return;
  const Operand a = m.any_float();
  if (!broadcasts(a.extents, test.extents)) return;
  const Operand b = m.constant(a.dtype, m.chance(50) ? Extents{} : a.extents, -2, 2);
  const bool swap = m.chance(50);
  m.put("Where", {test.id, swap ? a.id : b.id, swap ? b.id : a.id}, {},
        {.exact = a.exact, .bound = a.bound + 2});
}

void add_integer_arithmetic(GraphMaker& m) {
  const Operand x = m.any_integer();
  const std::string op = m.one_of<std::string>(
      {"Add", "Sub", "Mul", "Div", "Mod", "Neg", "Abs", "Max", "Min", "Cast", "Relu"});
  if (op == "Cast") {
    const auto to = m.one_of<DataType>(
        {DataType::kFloat, DataType::kInt64, DataType::kInt32, DataType::kBool, DataType::kDouble});
    m.put("Cast", {x.id}, {{"to", static_cast<int64_t>(to)}}, {.exact = true, .bound = x.bound});
  } else if (op == "Neg" || op == "Abs") {
    m.put(op, {x.id}, {}, {.exact = true, .bound = x.bound});
  } else if (op == "Relu") {
    if (m.opset() >= 14 && x.dtype == DataType::kInt32)
      m.put(op, {x.id}, {}, {.exact = true, .bound = x.bound});
  } else {
    const bool divides = op == "Div" || op == "Mod";
    const Operand y = m.constant(x.dtype, broadcastable(m, x.extents), divides ? 1 : -3, 5);
    const double bound = op == "Mul" ? x.bound * 5 : x.bound + 5;
    if (bound > 1e6) return;
    m.put(op, {x.id, y.id}, {}, {.exact = true, .bound = bound});
  }
}

}  // namespace kasuri::testing
