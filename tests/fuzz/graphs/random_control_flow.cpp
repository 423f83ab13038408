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

ValueType flag() { return ValueType::tensor(DataType::kBool, Shape{}); }

/// state = state * x + captured, a few times; the products may be stacked as well.
void add_loop(GraphMaker& m) {
  const Operand x = m.tamed(m.any_float(1, 3), 2);
  const bool stacks = m.chance(50), ends_early = m.chance(20);
  GraphBuilder body("loop_body");
  body.opset("", m.opset());
  const ValueId number = body.input("iteration", ValueType::tensor(DataType::kInt64, Shape{}));
  const ValueId go = body.input("go_on", flag());
  const ValueId state = body.input("state", type_of(x));
  const ValueId outside = body.capture(m.builder().peek().value(x.id).name, type_of(x));
  const auto product = body.add({"", "Mul"}, "product", {state, outside});
  const auto next = body.add({"", "Add"}, "next", {product[0], outside});
  auto still = body.add({"", "Identity"}, "still", {go});
  if (ends_early && !stacks) {
    const ValueId one = body.constant("one", Tensor::scalar<int64_t>(1));
    still = body.add({"", "Less"}, "unfinished", {number, one});
  }
  body.set_type(product[0], type_of(x));
  body.set_type(next[0], type_of(x));
  body.set_type(still[0], flag());
  body.output("go_out", still[0]);
  body.output("state_out", next[0]);
  if (stacks) body.output("product_out", product[0]);
  GraphPointer graph = std::make_shared<const Graph>(*body.take());
  const auto made = m.emit("Loop",
                           {m.scalar(DataType::kInt64, static_cast<double>(m.draw(1, 4))),
                            m.chance(30) ? ValueId::none() : m.scalar(DataType::kBool, 1), x.id},
                           {{"body", graph}}, {.bound = 400, .outputs = stacks ? 2U : 1U});
  for (const Operand& o : made) m.offer(m.tamed(o, 4));
}

/// Running sums of slices of a value.
void add_scan(GraphMaker& m) {
  const Operand x = m.any_float(2, 4);
  if (x.extents[0] == 0) return;
  const int64_t axis = m.draw(0, static_cast<int64_t>(x.rank()) - 1);
  Operand slice = x, start = x;
  slice.extents.erase(slice.extents.begin() + axis);
  GraphBuilder body("scan_body");
  body.opset("", m.opset());
  const ValueId state = body.input("state", type_of(slice));
  const ValueId part = body.input("part", type_of(slice));
  const auto sum = body.add({"", "Add"}, "sum", {state, part});
  const auto shown = body.add({"", m.one_of<std::string>({"Neg", "Tanh", "Relu"})}, "shown", sum);
  body.set_type(sum[0], type_of(slice));
  body.set_type(shown[0], type_of(slice));
  body.output("state_out", sum[0]);
  body.output("shown_out", shown[0]);
  GraphPointer graph = std::make_shared<const Graph>(*body.take());
  Attributes attributes = {{"body", graph}, {"num_scan_inputs", int64_t{1}}};
  attributes["scan_input_axes"] = std::vector<int64_t>{axis};
  if (m.chance(40)) attributes["scan_input_directions"] = std::vector<int64_t>{m.draw(0, 1)};
  if (m.chance(40)) attributes["scan_output_axes"] = std::vector<int64_t>{m.chance(50) ? -1 : 0};
  if (m.chance(30)) attributes["scan_output_directions"] = std::vector<int64_t>{m.draw(0, 1)};
  start = m.constant(x.dtype, slice.extents, -1, 1);
  const auto made =
      m.emit("Scan", {start.id, x.id}, attributes, {.bound = 17 * (x.bound + 1), .outputs = 2});
  for (const Operand& o : made) m.offer(m.tamed(o, 100));
}

}  // namespace

void add_control_flow(GraphMaker& maker) {
  const int64_t dice = maker.draw(0, 99);
  if (dice < 40) return add_if(maker);
  if (dice < 70) return add_loop(maker);
  add_scan(maker);
}

}  // namespace kasuri::testing
