#include "engine/loops/merge_variables.h"

#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "engine/loops/access.h"
#include "engine/loops/index_simplifier.h"

namespace kasuri::loops {
namespace {

/// Buffer axes to merge, last axes first.
using AxisMerges = std::set<std::pair<int, int>, std::greater<>>;

/// Asks whether variables v, v + 1 of a stage can be one, and which buffer axes must be one for it.
class PairTest {
 public:
  PairTest(const Nest& nest, const Stage& stage, int v)
      : nest_(nest), stage_(stage), v_(v), inner_(stage.domain[v + 1]) {}

  bool run(AxisMerges& merges) {
    if (inner_ < 1 || stage_.domain[v_] < 1) return false;
    bool fits = access(stage_.out, stage_.out_index);
    for (const Scalar& scalar : scalars_of(stage_))
      visit(scalar, [&](const ScalarNode& node) {
        if (!fits) return;
        if (node.kind == ScalarKind::kIndexValue)
          fits = atoms(node.index[0]) && together(linear_of(node.index[0]));
        else if (node.kind == ScalarKind::kLoad && node.buffer != kAccumulator)
          fits = access(node.buffer, node.index);
      });
    if (fits) merges.insert(merges_.begin(), merges_.end());
    return fits;
  }

 private:
  int64_t coefficient(const Linear& x, int variable) const {
    for (const Linear::Term& term : x.terms)
      if (term.atom->kind == IndexKind::kVariable && term.atom->value == variable)
        return term.coefficient;
    return 0;
  }

  bool together(const Linear& x) const {
    return coefficient(x, v_) == coefficient(x, v_ + 1) * inner_;
  }

  /// What is not affine must not use the pair, but for indirect indices that use it together.
  bool atoms(const Index& index) {
    for (const Linear linear = linear_of(index); const Linear::Term& term : linear.terms) {
      if (term.atom->kind == IndexKind::kVariable) continue;
      if (term.atom->kind == IndexKind::kIndirect) {
        if (!access(term.atom->buffer, term.atom->args)) return false;
      } else if (depends_on(term.atom, v_) || depends_on(term.atom, v_ + 1)) {
        return false;
      }
    }
    return true;
  }

  bool access(int number, const std::vector<Index>& at) {
    const Buffer& buffer = nest_.buffers[number];
    for (size_t axis = 0; axis < at.size(); ++axis) {
      if (!atoms(at[axis])) return false;
      Linear x = linear_of(at[axis]);
      if (together(x)) continue;
      const auto p = static_cast<int>(axis);
      if (axis + 1 == at.size() || !can_merge_axes(buffer, p) || is_welford_target(nest_, number))
        return false;
      Linear both;
      both.add(x, buffer.extents[axis + 1]);
      both.add(linear_of(at[axis + 1]));
      if (!atoms(at[axis + 1]) || !together(both)) return false;
      merges_.insert({number, p});
      ++axis;
    }
    return true;
  }

  const Nest& nest_;
  const Stage& stage_;
  int v_;
  int64_t inner_;
  AxisMerges merges_;
};

void merge_pair(Stage& stage, int v) {
  const int64_t inner = stage.domain[v + 1];
  std::vector<Index> replacements;
  for (int k = 0; k < static_cast<int>(stage.domain.size()); ++k) {
    if (k == v)
      replacements.push_back(floor_div(variable(v), inner));
    else if (k == v + 1)
      replacements.push_back(mod(variable(v), inner));
    else
      replacements.push_back(variable(k < v ? k : k - 1));
  }
  const bool reduced = v >= kept_rank(stage);
  stage.domain[v] *= inner;
  stage.domain.erase(stage.domain.begin() + v + 1);
  if (stage.kind == StageKind::kReduce && reduced) --stage.reduce_rank;
  substitute(stage, replacements);
}

/// Pairs (v, v + 1) a stage may merge on its own account.
bool is_candidate(const Stage& stage, int v, int outer_rank) {
  const auto rank = static_cast<int>(stage.domain.size());
  const int kept = stage.kind == StageKind::kContraction ? rank - 3
                   : stage.kind == StageKind::kScan      ? rank - 1
                                                         : kept_rank(stage);
  if (v + 1 < outer_rank) return v + 1 < kept;
  if (v < outer_rank) return false;
  const bool both_reduced = stage.kind == StageKind::kReduce && v >= kept;
  return v + 1 < kept || (both_reduced && v + 1 < rank);
}

void perform(const AxisMerges& merges, Nest& nest) {
  for (const auto& [buffer, axis] : merges) merge_axes(nest, buffer, axis);
}

bool merge_in_stage(Nest& nest, size_t number) {
  const auto rank = static_cast<int>(nest.stages[number].domain.size());
  for (int v = rank - 2; v >= nest.outer_rank; --v) {
    AxisMerges merges;
    if (!is_candidate(nest.stages[number], v, nest.outer_rank)) continue;
    if (!PairTest(nest, nest.stages[number], v).run(merges)) continue;
    perform(merges, nest);
    merge_pair(nest.stages[number], v);
    for (Stage& stage : nest.stages) simplify_stage(stage);
    return true;
  }
  return false;
}

bool merge_outer(Nest& nest) {
  for (int v = nest.outer_rank - 2; v >= 0; --v) {
    AxisMerges merges;
    bool all = true;
    for (const Stage& stage : nest.stages)
      all = all && is_candidate(stage, v, nest.outer_rank) && PairTest(nest, stage, v).run(merges);
    if (!all) continue;
    perform(merges, nest);
    for (Stage& stage : nest.stages) merge_pair(stage, v);
    --nest.outer_rank;
    for (Stage& stage : nest.stages) simplify_stage(stage);
    return true;
  }
  return false;
}

/// Buffers whose axes, seen as one, need fewer divisions.
bool merge_for_division(Nest& nest) {
  const int now = division_count(nest);
  if (now == 0) return false;
  for (int b = 0; b < static_cast<int>(nest.buffers.size()); ++b) {
    for (int axis = 0; axis + 1 < static_cast<int>(nest.buffers[b].extents.size()); ++axis) {
      if (!can_merge_axes(nest.buffers[b], axis) || is_welford_target(nest, b)) continue;
      Nest merged = nest;
      merge_axes(merged, b, axis);
      for (Stage& stage : merged.stages) simplify_stage(stage);
      if (division_count(merged) >= now) continue;
      nest = std::move(merged);
      return true;
    }
  }
  return false;
}

bool merge_once(Nest& nest) {
  if (merge_for_division(nest) || merge_outer(nest)) return true;
  for (size_t s = 0; s < nest.stages.size(); ++s)
    if (merge_in_stage(nest, s)) return true;
  return false;
}

}  // namespace

void merge_variables(Nest& nest) {
  size_t bound = nest.buffers.size() * 8;
  for (const Stage& stage : nest.stages) bound += stage.domain.size();
  while (bound-- > 0 && merge_once(nest)) {
  }
}

}  // namespace kasuri::loops
