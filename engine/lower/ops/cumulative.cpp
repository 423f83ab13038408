#include "engine/lower/registry.h"

namespace kasuri::lower {
namespace {

/// The axis must be the scan's last variable: domain = other axes, then the axis.
Status lower_cumsum(Context& c) {
  const auto given = c.constant_ints(1);
  if (!given) return c.declined("its axis is computed at run time");
  const int rank = c.rank(0);
  const auto axis = static_cast<int>(normal_axis((*given)[0], rank));
  Indices at(rank);
  Extents domain;
  int variable = 0;
  for (int k = 0; k < rank; ++k) {
    if (k == axis) continue;
    at[k] = loops::variable(variable++);
    domain.push_back(c.in_extents(0)[k]);
  }
  at[axis] = loops::variable(variable);
  domain.push_back(c.in_extents(0)[axis]);
  loops::Stage stage;
  stage.kind = loops::StageKind::kScan;
  stage.domain = domain;
  stage.op = loops::ReduceOp::kSum;
  stage.body = c.load(0, at);
  stage.exclusive = c.node().get_int("exclusive", 0) != 0;
  stage.reverse = c.node().get_int("reverse", 0) != 0;
  stage.out = c.output();
  stage.out_index = at;
  c.nest().stages.push_back(stage);
  return Done{};
}

}  // namespace

void register_cumulative_lowerings(Registry& r) { r.add("CumSum", lower_cumsum); }

}  // namespace kasuri::lower
