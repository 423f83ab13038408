#include "engine/codegen/schedule.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "engine/codegen/cost.h"

namespace kasuri::codegen {
namespace {

using loops::Nest;
using loops::StageKind;

/// Work below this many cycles is not worth waking a thread for.
constexpr double kCyclesPerChunk = 20000;
constexpr int64_t kPointsPerThread = 16;

int64_t product(const std::vector<int64_t>& extents, int from, int to) {
  return std::accumulate(extents.begin() + from, extents.begin() + to, int64_t{1},
                         std::multiplies<>());
}

int width_for(int64_t extent, int lanes) {
  while (lanes > 4 && extent <= lanes / 2) lanes /= 2;
  return lanes;
}

int unroll_for(const GroupProgram& program, int64_t extent, int width, double per_vector) {
  const bool reduces = program.reduce_rank() > 0;
  int unroll = per_vector <= 8 ? 4 : per_vector <= (reduces ? 40 : 16) ? 2 : 1;
  const int64_t vectors = extent / width;
  while (unroll > 1 && (vectors < unroll || (vectors % unroll != 0 && vectors < 4 * unroll)))
    unroll /= 2;
  return unroll;
}

/// A second axis along which some load is contiguous while the stores are along `axis`; -1: none.
int tile_axis_for(const GroupProgram& program, int outer_rank, int axis) {
  if (program.last().kind != StageKind::kMap) return -1;
  for (int other = static_cast<int>(program.domain().size()) - 1; other >= outer_rank; --other) {
    if (other == axis || program.domain()[other] < 4 || program.domain()[axis] < 4) continue;
    for (const Op& op : program.ops)
      if (is_transposed(program, op, axis, other)) return other;
  }
  return -1;
}

/// Picks the vector axis of a group: the cheapest of all admissible ones.
void choose_lanes(const GroupProgram& program, const Nest& nest, const TargetDescription& target,
                  int outer_rank, GroupSchedule& schedule) {
  const int rank = static_cast<int>(program.domain().size());
  const int first_reduced = rank - program.reduce_rank();
  GroupCost best = cost_of(program, -1, 1);
  const int end = program.last().kind == StageKind::kScan ? first_reduced : rank;
  if (!is_ordered(program.last())) {
    const int lanes = lanes_of(program, nest, target);
    for (int axis = end - 1; axis >= outer_rank; --axis) {
      if (program.domain()[axis] < 2) continue;
      const int width = width_for(program.domain()[axis], lanes);
      const int tile_axis = tile_axis_for(program, outer_rank, axis);
      const GroupCost cost = cost_of(program, axis, width, tile_axis);
      if (cost.cycles >= best.cycles) continue;
      best = cost;
      schedule.vector_axis = axis;
      schedule.width = width;
      schedule.tile_axis = tile_axis;
    }
  }
  schedule.work = best.cycles;
  if (schedule.vector_axis < 0) return;
  schedule.unroll =
      unroll_for(program, program.domain()[schedule.vector_axis], schedule.width, best.per_vector);
  if (schedule.tile_axis < 0) return;
  schedule.unroll = 1;
  schedule.tile = schedule.width;
  while (schedule.tile > program.domain()[schedule.tile_axis]) schedule.tile /= 2;
}

/// True if lanes along `axis` need index arithmetic that no other axis takes part in: worth doing
/// once for a whole loop over another axis.
bool has_lane_arithmetic(const GroupProgram& program, int axis) {
  const std::vector<Atom>& atoms = program.forms.atoms();
  return std::any_of(atoms.begin(), atoms.end(), [&](const Atom& atom) {
    return atom.kind != loops::IndexKind::kIndirect && atom.variables == VariableSet{1} << axis;
  });
}

void order_loops(const GroupProgram& program, int outer_rank, GroupSchedule& schedule) {
  const int rank = static_cast<int>(program.domain().size());
  const int first_reduced = rank - program.reduce_rank();
  for (int v = outer_rank; v < rank; ++v) {
    if (v == schedule.vector_axis || v == schedule.tile_axis) continue;
    (v < first_reduced ? schedule.order : schedule.reduced).push_back(v);
  }
  if (schedule.tile_axis >= 0) schedule.order.push_back(schedule.tile_axis);
  if (schedule.vector_axis >= 0)
    (schedule.vector_axis < first_reduced ? schedule.order : schedule.reduced)
        .push_back(schedule.vector_axis);
  const size_t axes = schedule.order.size();
  if (axes >= 2 && schedule.tile_axis < 0 && schedule.order.back() == schedule.vector_axis &&
      has_lane_arithmetic(program, schedule.vector_axis))
    std::swap(schedule.order[axes - 1], schedule.order[axes - 2]);
}

GroupSchedule schedule_group(const GroupProgram& program, const Nest& nest, const StageGroup& group,
                             const TargetDescription& target, int outer_rank) {
  GroupSchedule schedule{.stages = group};
  choose_lanes(program, nest, target, outer_rank, schedule);
  order_loops(program, outer_rank, schedule);
  return schedule;
}

/// Leading axes, and if they are few a blocked one, become the parallel index.
void split_points(const GroupProgram& program, int threads, Phase& phase) {
  GroupSchedule& group = phase.groups.front();
  phase.points = 1;
  const int64_t wanted = std::min<int64_t>(threads == 1 ? 1 : kPointsPerThread * threads,
                                           static_cast<int64_t>(2 * group.work / kCyclesPerChunk));
  if (is_ordered(program.last()) || wanted <= 1) return;
  const std::vector<int64_t>& domain = program.domain();
  const int axes = static_cast<int>(group.order.size());
  const int first_whole =
      static_cast<int>(std::find(group.order.begin(), group.order.end(),
                                 group.tile_axis >= 0 ? group.tile_axis : group.vector_axis) -
                       group.order.begin());
  while (phase.points < wanted && group.parallel_axes < first_whole)
    phase.points *= domain[group.order[group.parallel_axes++]];
  if (phase.points >= wanted || group.parallel_axes >= axes) return;
  const int axis = group.order[group.parallel_axes];
  const int64_t unit = axis == group.vector_axis ? int64_t{group.width} * group.unroll
                       : axis == group.tile_axis ? group.tile
                                                 : 1;
  const int64_t pieces = (wanted + phase.points - 1) / std::max<int64_t>(1, phase.points);
  const int64_t size = (domain[axis] + pieces - 1) / pieces;
  const int64_t block = (size + unit - 1) / unit * unit;
  if (block >= domain[axis]) return;
  group.block = block;
  phase.points *= (domain[axis] + block - 1) / block;
}

void set_grain(Phase& phase) {
  double work = 0;
  for (const GroupSchedule& group : phase.groups) work += group.work;
  const double per_point = work / static_cast<double>(std::max<int64_t>(1, phase.points));
  phase.grain = std::max<int64_t>(1, static_cast<int64_t>(kCyclesPerChunk / (per_point + 1)));
}

int usable_outer_rank(const Nest& nest, const std::vector<StageGroup>& groups) {
  return groups.size() <= 1 ? 0 : nest.outer_rank;
}

std::set<int> forwarded_locals(const Nest& nest, const std::vector<StageGroup>& groups,
                               const Storage& storage) {
  std::set<int> absent;
  for (const StageGroup& group : groups) {
    const GroupProgram program = make_program(nest, group, storage.placements);
    for (const GroupStage& stage : program.stages)
      if (!stage.store) absent.insert(stage.stage->out);
  }
  return absent;
}

std::vector<std::string> names(const std::vector<int>& variables) {
  std::vector<std::string> out;
  for (int v : variables) out.push_back("i" + std::to_string(v));
  return out;
}

}  // namespace

Schedule default_schedule(const Nest& nest, const TargetDescription& target, int threads) {
  Schedule schedule;
  const std::vector<StageGroup> groups = group_stages(nest);
  const int outer_rank = usable_outer_rank(nest, groups);
  schedule.storage = plan_storage(nest, outer_rank);
  const std::set<int> absent = forwarded_locals(nest, groups, schedule.storage);
  if (!absent.empty()) schedule.storage = plan_storage(nest, outer_rank, absent);
  Phase shared{.outer_rank = outer_rank};
  for (const StageGroup& group : groups) {
    const GroupProgram program = make_program(nest, group, schedule.storage.placements);
    GroupSchedule one = schedule_group(program, nest, group, target, outer_rank);
    if (outer_rank > 0) {
      shared.groups.push_back(std::move(one));
      continue;
    }
    Phase phase{.groups = {std::move(one)}};
    split_points(program, threads, phase);
    set_grain(phase);
    schedule.phases.push_back(std::move(phase));
  }
  if (outer_rank > 0) {
    shared.points = product(nest.stages.front().domain, 0, outer_rank);
    set_grain(shared);
    schedule.phases.push_back(std::move(shared));
  }
  return schedule;
}

std::string text_of(const Schedule& schedule, const Nest& nest) {
  std::string text;
  for (const Phase& phase : schedule.phases) {
    text += fmt::format("phase points={} grain={} outer={}\n", phase.points, phase.grain,
                        phase.outer_rank);
    for (const GroupSchedule& group : phase.groups)
      text += fmt::format(
          "  stages {} order ({}) reduced ({}) parallel={} block={} lanes={}x{} unroll={} "
          "tile={}x{}\n",
          fmt::join(group.stages, ","), fmt::join(names(group.order), ","),
          fmt::join(names(group.reduced), ","), group.parallel_axes, group.block,
          group.vector_axis < 0 ? "-" : "i" + std::to_string(group.vector_axis), group.width,
          group.unroll, group.tile_axis < 0 ? "-" : "i" + std::to_string(group.tile_axis),
          group.tile);
  }
  for (size_t b = 0; b < nest.buffers.size(); ++b) {
    const BufferStorage& storage = schedule.storage.buffers[b];
    if (storage.scope != BufferScope::kArgument)
      text += fmt::format("local {} {} at {} bytes {}\n", b, text_of(storage.scope), storage.place,
                          storage.bytes);
  }
  return text;
}

}  // namespace kasuri::codegen
