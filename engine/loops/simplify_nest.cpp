#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "engine/loops/access.h"
#include "engine/loops/linear.h"
#include "engine/loops/merge_variables.h"
#include "engine/loops/simplify.h"
#include "engine/loops/tidy.h"

namespace kasuri::loops {
namespace {

bool must_stay(const Stage& stage, int v) {
  const auto rank = static_cast<int>(stage.domain.size());
  switch (stage.kind) {
    case StageKind::kMap:
      return false;
    case StageKind::kReduce:
      return stage.op == ReduceOp::kWelford && v == rank - 1;
    case StageKind::kScan:
      return v == rank - 1;
    case StageKind::kContraction:
      return v >= rank - 3;
  }
  return true;
}

/// A reduction over nothing but unit axes is a map.
void reduce_to_map(Stage& stage) {
  if (stage.kind != StageKind::kReduce || stage.reduce_rank > 0) return;
  const bool finds = stage.op == ReduceOp::kArgMax || stage.op == ReduceOp::kArgMin;
  if (finds) stage.body = literal_int(DataType::kInt64, 0);
  stage.kind = StageKind::kMap;
  stage.op = ReduceOp::kSum;
}

void drop_unit_variables(Stage& stage, int outer_rank, const std::vector<bool>& drop_outer) {
  std::vector<int> order;
  const int kept = kept_rank(stage);
  int reduced_left = 0;
  for (int v = 0; v < static_cast<int>(stage.domain.size()); ++v) {
    const bool unit = stage.domain[v] == 1 && !must_stay(stage, v);
    if (v < outer_rank ? drop_outer[v] : unit) continue;
    order.push_back(v);
    reduced_left += v >= kept;
  }
  if (order.size() == stage.domain.size()) return;
  reorder(stage, order);
  if (stage.kind == StageKind::kReduce) stage.reduce_rank = reduced_left;
  reduce_to_map(stage);
}

void drop_unit_variables(Nest& nest) {
  if (nest.stages.empty()) return;
  std::vector<bool> drop(nest.outer_rank, false);
  int left = 0;
  for (int v = 0; v < nest.outer_rank; ++v) {
    drop[v] = nest.stages[0].domain[v] == 1 &&
              std::none_of(nest.stages.begin(), nest.stages.end(),
                           [&](const Stage& stage) { return must_stay(stage, v); });
    left += !drop[v];
  }
  for (Stage& stage : nest.stages) drop_unit_variables(stage, nest.outer_rank, drop);
  nest.outer_rank = left;
}

/// Stages whose result nobody reads, and locals nobody touches.
void remove_dead(Nest& nest) {
  std::vector<bool> wanted(nest.buffers.size());
  for (size_t b = 0; b < wanted.size(); ++b) wanted[b] = nest.buffers[b].role != BufferRole::kLocal;
  std::vector<Stage> kept;
  for (size_t s = nest.stages.size(); s-- > 0;) {
    Stage& stage = nest.stages[s];
    if (!wanted[stage.out] && (stage.out2 < 0 || !wanted[stage.out2])) continue;
    for_each_load(stage, [&](int buffer, const std::vector<Index>&) { wanted[buffer] = true; });
    wanted[stage.out] = true;
    if (stage.out2 >= 0) wanted[stage.out2] = true;
    kept.push_back(std::move(stage));
  }
  std::reverse(kept.begin(), kept.end());
  nest.stages = std::move(kept);
  keep_buffers(nest, wanted);
}

/// Axes of a buffer in order of falling stride, unit ones gone.
std::vector<int> axis_order(const Buffer& buffer) {
  std::vector<int> order;
  for (int axis = 0; axis < static_cast<int>(buffer.extents.size()); ++axis)
    if (buffer.extents[axis] != 1) order.push_back(axis);
  const bool repeats =
      std::any_of(order.begin(), order.end(), [&](int axis) { return buffer.strides[axis] <= 0; });
  if (!repeats)
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return buffer.strides[a] > buffer.strides[b]; });
  return order;
}

template <typename T>
std::vector<T> picked(const std::vector<T>& from, const std::vector<int>& order) {
  std::vector<T> result;
  for (const int k : order) result.push_back(from[k]);
  return result;
}

void order_axes(Nest& nest) {
  for (int b = 0; b < static_cast<int>(nest.buffers.size()); ++b) {
    Buffer& buffer = nest.buffers[b];
    const std::vector<int> order = axis_order(buffer);
    const bool same =
        order.size() == buffer.extents.size() && std::is_sorted(order.begin(), order.end());
    if (same || is_welford_target(nest, b)) continue;
    buffer.extents = picked(buffer.extents, order);
    buffer.strides = picked(buffer.strides, order);
    for (Stage& stage : nest.stages)
      map_accesses(stage, [&](Access access) {
        if (access.buffer == b) access.at = picked(access.at, order);
        return access;
      });
  }
}

/// Address steps of the store along each variable; empty if one is not known or is 0.
std::vector<int64_t> store_strides(const Nest& nest, const Stage& stage) {
  std::vector<int64_t> strides(stage.domain.size(), 0);
  const Buffer& out = nest.buffers[stage.out];
  for (int v = 0; v < kept_rank(stage); ++v) {
    for (size_t axis = 0; axis < stage.out_index.size(); ++axis) {
      const auto step = stride_of(stage.out_index[axis], v);
      if (!step) return {};
      strides[v] += *step * out.strides[axis];
    }
    if (strides[v] == 0 && stage.domain[v] > 1) return {};
  }
  return strides;
}

/// Inner variables in the order in which the store walks memory.
void order_variables(const Nest& nest, Stage& stage) {
  if (stage.kind != StageKind::kMap && stage.kind != StageKind::kReduce) return;
  if (stage.combine != Stage::Combine::kNone) return;
  const std::vector<int64_t> strides = store_strides(nest, stage);
  if (strides.size() != stage.domain.size()) return;
  std::vector<int> order(stage.domain.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin() + nest.outer_rank, order.begin() + kept_rank(stage),
                   [&](int a, int b) { return std::abs(strides[a]) > std::abs(strides[b]); });
  if (!std::is_sorted(order.begin(), order.end())) reorder(stage, order);
}

}  // namespace

void reorder(Stage& stage, const std::vector<int>& order) {
  std::vector<Index> replacements(stage.domain.size(), constant(0));
  std::vector<int64_t> domain;
  for (size_t k = 0; k < order.size(); ++k) {
    replacements[order[k]] = variable(static_cast<int>(k));
    domain.push_back(stage.domain[order[k]]);
  }
  substitute(stage, replacements);
  stage.domain = std::move(domain);
}

void tidy(Nest& nest) {
  remove_dead(nest);
  for (Stage& stage : nest.stages) simplify_stage(stage);
  drop_unit_variables(nest);
  order_axes(nest);
  for (Stage& stage : nest.stages) order_variables(nest, stage);
  for (Stage& stage : nest.stages) simplify_stage(stage);
}

Nest simplify(const Nest& given) {
  Nest nest = given;
  tidy(nest);
  merge_variables(nest);
  remove_dead(nest);
  return nest;
}

}  // namespace kasuri::loops
