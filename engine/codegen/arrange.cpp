#include "engine/codegen/arrange.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include "engine/codegen/schedule.h"
#include "engine/loops/simplify.h"

namespace kasuri::codegen {
namespace {

using loops::Index;
using loops::IndexKind;
using loops::Nest;
using loops::Scalar;
using loops::Stage;
using loops::StageKind;

constexpr int64_t kLeastSplit = 8;
constexpr int kMostSplits = 6;
constexpr int64_t kLeastBlock = 16, kMostBlock = 256;

double work_of(const Nest& nest, const TargetDescription& target) {
  double work = 0;
  for (const Phase& phase : default_schedule(nest, target, 1).phases)
    for (const GroupSchedule& group : phase.groups) work += group.work;
  return work;
}

/// Sizes by which splitting `variable` would turn a division of it into an affine index.
void collect_sizes(const Index& index, int variable, std::set<int64_t>& sizes) {
  for (const Index& arg : index->args) collect_sizes(arg, variable, sizes);
  if (index->kind != IndexKind::kFloorDiv && index->kind != IndexKind::kMod) return;
  const std::optional<int64_t> stride = loops::stride_of(index->args[0], variable);
  if (stride && *stride != 0) sizes.insert(index->value / std::gcd(index->value, *stride));
}

std::set<int64_t> sizes_of(const Stage& stage, int variable) {
  std::set<int64_t> sizes;
  const auto visit = [&](const loops::ScalarNode& node) {
    for (const Index& index : node.index) collect_sizes(index, variable, sizes);
  };
  for (const Scalar& scalar : {stage.body, stage.a, stage.b, stage.epilogue})
    if (scalar) loops::visit(scalar, visit);
  for (const Index& index : stage.out_index) collect_sizes(index, variable, sizes);
  return sizes;
}

bool may_split(const Stage& stage, int variable) {
  const int last = static_cast<int>(stage.domain.size()) - 1;
  return variable != last ||
         (stage.kind != StageKind::kScan && stage.kind != StageKind::kContraction);
}

struct Split {
  int variable;
  int64_t size;
};

std::optional<Split> next_split(const Stage& stage, int outer_rank) {
  for (int v = outer_rank; v < static_cast<int>(stage.domain.size()); ++v) {
    if (!may_split(stage, v)) continue;
    for (int64_t size : sizes_of(stage, v))
      if (size >= kLeastSplit && size < stage.domain[v] && stage.domain[v] % size == 0)
        return Split{v, size};
  }
  return {};
}

/// Splits inner variables until no division by a divisor of an extent is left. Stages of one domain
/// are split alike, so that they can still share a loop.
Nest without_divisions(Nest nest) {
  for (int round = 0; round < kMostSplits; ++round) {
    std::optional<Split> split;
    std::vector<int64_t> domain;
    for (const Stage& stage : nest.stages) {
      if ((split = next_split(stage, nest.outer_rank))) {
        domain = stage.domain;
        break;
      }
    }
    if (!split) break;
    for (Stage& stage : nest.stages)
      if (stage.domain == domain && may_split(stage, split->variable))
        stage = split_variable(stage, split->variable, split->size);
  }
  return nest;
}

/// Cuts the last outer axis into blocks whose points become inner.
std::optional<Nest> with_blocked_outer_axis(Nest nest) {
  const int axis = nest.outer_rank - 1;
  if (axis < 0 || nest.stages.size() < 2) return {};
  const int64_t extent = nest.stages.front().domain[axis];
  int64_t block = 0;
  for (int64_t size = kLeastBlock; size <= std::min(extent, kMostBlock); ++size) {
    const bool rounder = size % kLeastBlock == 0 || block % kLeastBlock != 0;
    if (extent % size == 0 && rounder) block = size;
  }
  if (block == 0) return {};
  for (Stage& stage : nest.stages) {
    if (!may_split(stage, axis)) return {};
    stage = split_variable(stage, axis, block);
  }
  return nest;
}

}  // namespace

Stage split_variable(const Stage& stage, int variable, int64_t size) {
  std::vector<Index> replacements;
  for (int v = 0; v < static_cast<int>(stage.domain.size()); ++v) {
    if (v == variable)
      replacements.push_back(
          loops::add(loops::mul(loops::variable(v), size), loops::variable(v + 1)));
    else
      replacements.push_back(loops::variable(v < variable ? v : v + 1));
  }
  Stage split = stage;
  split.domain[variable] /= size;
  split.domain.insert(split.domain.begin() + variable + 1, size);
  const int first_reduced = static_cast<int>(stage.domain.size()) - stage.reduce_rank;
  if (stage.kind == StageKind::kReduce && variable >= first_reduced) ++split.reduce_rank;
  for (Scalar* scalar : {&split.body, &split.a, &split.b, &split.epilogue})
    if (*scalar) *scalar = loops::simplify(loops::substitute(*scalar, replacements), split.domain);
  for (Index& index : split.out_index)
    index = loops::simplify(loops::substitute(index, replacements), split.domain);
  return split;
}

Nest arranged(const Nest& nest, const TargetDescription& target) {
  Nest best = nest;
  double least = work_of(nest, target);
  const auto consider = [&](Nest other) {
    const double work = work_of(other, target);
    if (work >= 0.95 * least) return;
    least = work;
    best = std::move(other);
  };
  Nest split = without_divisions(nest);
  const std::optional<Nest> blocked = with_blocked_outer_axis(split);
  consider(std::move(split));
  if (blocked) consider(*blocked);
  return best;
}

}  // namespace kasuri::codegen
