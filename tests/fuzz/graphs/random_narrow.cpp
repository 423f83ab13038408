#include <algorithm>

#include "tests/fuzz/graphs/graph_maker.h"

namespace kasuri::testing {
namespace {

const std::vector<DataType> kNarrow = {DataType::kInt8,   DataType::kUint8,  DataType::kInt16,
                                       DataType::kUint16, DataType::kUint32, DataType::kUint64};

Operand any_narrow(GraphMaker& m) {
  const auto suits = [](const Operand& o) {
    return std::find(kNarrow.begin(), kNarrow.end(), o.dtype) != kNarrow.end();
  };
  if (auto found = m.chance(70) ? m.pick(suits) : std::nullopt) return *found;
  return m.input(m.one_of(kNarrow), m.random_extents(1, 4));
}

Operand partner(GraphMaker& m, const Operand& x, double low) {
  Extents extents = x.extents;
  for (int64_t& e : extents)
    if (m.chance(30)) e = 1;
  return m.constant(x.dtype, extents, low, 7);
}

void add_bits(GraphMaker& m, const Operand& x) {
  if (m.opset() >= 18 && m.chance(60)) {
    m.put(m.one_of<std::string>({"BitwiseAnd", "BitwiseOr", "BitwiseXor"}),
          {x.id, partner(m, x, 0).id}, {}, {.exact = true, .bound = x.bound + 8});
  } else if (!is_signed_integer(x.dtype)) {
    m.put("BitShift", {x.id, partner(m, x, 0).id},
          {{"direction", m.one_of<std::string>({"LEFT", "RIGHT"})}}, {.exact = true, .bound = 250});
  }
}

void add_cast_back(GraphMaker& m, const Operand& x) {
  const auto to = m.one_of<DataType>({DataType::kFloat, DataType::kInt32, DataType::kInt64,
                                      DataType::kDouble, DataType::kBool, DataType::kInt16});
  if (x.dtype == DataType::kUint64 && is_float(to)) return;
  m.put("Cast", {x.id}, {{"to", static_cast<int64_t>(to)}}, {.exact = true, .bound = 300});
}

void add_narrow_cast(GraphMaker& m) {
  const Operand x = m.exact_float(1, 4);
  const auto to = m.one_of<DataType>({DataType::kInt8, DataType::kInt16, DataType::kUint8});
  Operand safe = m.emit(
      "Clip", {x.id, m.scalar(x.dtype, to == DataType::kUint8 ? 0 : -60), m.scalar(x.dtype, 60)},
      {}, {.exact = true, .bound = 60})[0];
  m.put("Cast", {safe.id}, {{"to", static_cast<int64_t>(to)}}, {.exact = true, .bound = 60});
}

}  // namespace

void add_narrow_integers(GraphMaker& m) {
  if (m.opset() < 14) return;
  if (m.chance(25)) return add_narrow_cast(m);
  const Operand x = any_narrow(m);
  const int64_t dice = m.draw(0, 9);
  if (dice < 2) return add_bits(m, x);
  if (dice < 4) return add_cast_back(m, x);
  if (dice < 5) {
    const Operand test = m.put(m.one_of<std::string>({"Less", "Equal", "GreaterOrEqual"}),
                               {x.id, partner(m, x, 0).id}, {}, {.exact = true});
    m.put("Where", {test.id, x.id, partner(m, x, 1).id}, {}, {.exact = true, .bound = 250});
    return;
  }
  const std::string op = m.one_of<std::string>({"Add", "Sub", "Mul", "Div", "Max", "Min", "Mod"});
  const double low = op == "Div" || op == "Mod" ? 1 : 0;
  m.put(op, {x.id, partner(m, x, low).id}, {}, {.exact = true, .bound = 250});
}

}  // namespace kasuri::testing
