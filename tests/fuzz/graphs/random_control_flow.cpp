#include <memory>

#include "tests/fuzz/graphs/graph_maker.h"

namespace kasuri::testing {
namespace {

ValueType type_of(const Operand& x) { return ValueType::tensor(x.dtype, shape_of(x.extents)); }

/// A body that reads one value from outside.
GraphPointer branch(GraphMaker& m, const Operand& x, const std::string& op) {
  GraphBuilder body(op + "_branch");
  body.opset("", m.opset());
  const ValueId captured = body.capture(m.builder().peek().value(x.id).name, type_of(x));
  const auto made = body.add({"", op}, "inner_" + op, {captured});
  body.set_type(made[0], type_of(x));
  body.output("result", made[0]);
  return std::make_shared<const Graph>(*body.take());
}

void add_if(GraphMaker& m) {
  const Operand x = m.any_float(1, 4);
  const ValueId condition = m.chance(50)
                                ? m.input(DataType::kBool, {}).id
                                : m.scalar(DataType::kBool, static_cast<double>(m.draw(0, 1)));
  m.put("If", {condition},
        {{"then_branch", branch(m, x, m.one_of<std::string>({"Relu", "Neg", "Identity"}))},
         {"else_branch", branch(m, x, m.one_of<std::string>({"Tanh", "Abs"}))}},
        {.bound = x.bound});
}

/// state = state * x + captured, a few times; the states are stacked as well.
void add_loop(GraphMaker& m) {
  const Operand x = m.tamed(m.any_float(1, 3), 2);
  const int64_t trips = m.draw(1, 3);
  GraphBuilder body("loop_body");
  body.opset("", m.opset());
  body.input("iteration", ValueType::tensor(DataType::kInt64, Shape{}));
  const ValueId go = body.input("go_on", ValueType::tensor(DataType::kBool, Shape{}));
  const ValueId state = body.input("state", type_of(x));
  const ValueId outside = body.capture(m.builder().peek().value(x.id).name, type_of(x));
  const auto product = body.add({"", "Mul"}, "product", {state, outside});
  const auto next = body.add({"", "Add"}, "next", {product[0], outside});
  const auto still = body.add({"", "Identity"}, "still", {go});
  body.set_type(product[0], type_of(x));
  body.set_type(next[0], type_of(x));
  body.set_type(still[0], ValueType::tensor(DataType::kBool, Shape{}));
  body.output("go_out", still[0]);
  body.output("state_out", next[0]);
  GraphPointer graph = std::make_shared<const Graph>(*body.take());
  m.put(
      "Loop",
      {m.scalar(DataType::kInt64, static_cast<double>(trips)), m.scalar(DataType::kBool, 1), x.id},
      {{"body", graph}}, {.bound = 40});
}

}  // namespace

void add_control_flow(GraphMaker& maker) {
  if (maker.chance(60)) return add_if(maker);
  add_loop(maker);
}

/// x -> uint8 or int8 -> x', then a contraction with quantised weights.
void add_quantisation(GraphMaker& m) {
  const Operand x = m.exact_float(2, 4);
  if (x.dtype != DataType::kFloat) return;
  const DataType narrow = m.one_of<DataType>({DataType::kUint8, DataType::kInt8});
  const ValueId scale = m.scalar(DataType::kFloat, m.one_of<double>({0.05, 0.1, 0.02}));
  const ValueId zero =
      m.scalar(narrow, narrow == DataType::kUint8 ? 100 : m.one_of<double>({0, 3}));
  const Operand codes =
      m.put("QuantizeLinear", {x.id, scale, zero}, {}, {.exact = true, .bound = 255});
  const Operand back = m.put("DequantizeLinear", {codes.id, scale, zero}, {}, {.bound = 20});
  const int64_t k = back.extents.back();
  if (back.rank() != 2 || m.chance(30)) return;
  const Operand w = m.constant(DataType::kInt8, {k, 8}, -100, 100);
  const Operand weights = m.emit(
      "DequantizeLinear", {w.id, m.scalar(DataType::kFloat, 0.01), m.scalar(DataType::kInt8, 0)},
      {}, {.bound = 1})[0];
  m.put("MatMul", {back.id, weights.id}, {}, {.bound = 20 * static_cast<double>(k)});
}

}  // namespace kasuri::testing
