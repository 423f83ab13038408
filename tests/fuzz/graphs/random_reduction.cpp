#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/fuzz/graphs/graph_maker.h"

namespace kasuri::testing {
namespace {

std::vector<int64_t> random_axes(GraphMaker& m, const Operand& x) {
  std::vector<int64_t> axes(x.rank());
  std::iota(axes.begin(), axes.end(), 0);
  if (m.chance(50)) {
    axes = {static_cast<int64_t>(x.rank()) - 1};
  } else {
    std::erase_if(axes, [&](int64_t) { return m.chance(50); });
    if (axes.empty()) axes = {0};
  }
  if (m.chance(40))
    for (int64_t& a : axes) a -= static_cast<int64_t>(x.rank());
  return axes;
}

void add_position(GraphMaker& m) {
  const Operand x = m.exact_float(1, 4);
  const int64_t axis = m.draw(-static_cast<int64_t>(x.rank()), static_cast<int64_t>(x.rank()) - 1);
  if (m.chance(70)) {
    m.put(m.one_of<std::string>({"ArgMax", "ArgMin"}), {x.id},
          {{"axis", axis}, {"keepdims", m.draw(0, 1)}, {"select_last_index", m.draw(0, 1)}},
          {.exact = true, .bound = 20});
    return;
  }
  const int64_t extent =
      x.extents[static_cast<size_t>(axis < 0 ? axis + static_cast<int64_t>(x.rank()) : axis)];
  const auto made = m.emit("TopK", {x.id, m.ints({m.draw(1, extent)})},
                           {{"axis", axis}, {"largest", m.draw(0, 1)}},
                           {.exact = true, .bound = x.bound, .outputs = 2});
  m.offer(made[0]);
  if (m.chance(50)) m.offer(made[1]);
}

}  // namespace

void add_reduction(GraphMaker& m) {
  if (m.chance(12)) return add_position(m);
  const Operand x = m.chance(90) ? m.any_float(1, 4) : m.any_integer();
  if (x.rank() == 0 || x.dtype == DataType::kInt64) return;
  if (m.chance(8)) {
    m.put("CumSum",
          {x.id, m.scalar(DataType::kInt64,
                          static_cast<double>(m.draw(0, static_cast<int64_t>(x.rank()) - 1)))},
          {{"exclusive", m.draw(0, 1)}, {"reverse", m.draw(0, 1)}},
          {.exact = !x.is_float(), .bound = x.bound * 17});
    return;
  }
  std::string op = m.one_of<std::string>({"ReduceSum", "ReduceMean", "ReduceMean", "ReduceMax",
                                          "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare",
                                          "ReduceLogSumExp", "ReduceProd"});
  if (!x.is_float() && op != "ReduceSum") op = "ReduceMax";
  Operand from = x;
  if (op == "ReduceLogSumExp") from = m.tamed(x, 6);
  if (op == "ReduceProd") from = m.tamed(x, 1.01);
  if (op == "ReduceProd" || op == "ReduceLogSumExp") from.exact = false;
  const bool selects = op == "ReduceMax" || op == "ReduceMin";
  const double n = static_cast<double>(std::max<int64_t>(1, x.count()));
  double bound = from.bound;
  if (op == "ReduceSum" || op == "ReduceL1" || op == "ReduceL2") bound *= n;
  if (op == "ReduceSumSquare") bound *= bound * n;
  const Facts facts{.exact = x.exact && (selects || !x.is_float()), .bound = bound};
  Attributes attributes = {{"keepdims", m.draw(0, 1)}};
  if (m.chance(6))
    m.put(op, {from.id}, attributes, facts);  // all axes
  else
    m.put_with_axes(op, from, random_axes(m, from), op == "ReduceSum" ? 13 : 18, attributes, facts);
}

}  // namespace kasuri::testing
