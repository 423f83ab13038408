#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/codegen/group_program.h"
#include "engine/codegen/storage.h"
#include "engine/codegen/target.h"
#include "engine/loops/nest.h"

namespace kasuri::codegen {

/// How one group of stages runs. Loops, from outside: the parallel points, then the rest of
/// `order`, then the reduced variables; the vector axis is one of the last two of `order` or, for a
/// reduction along lanes, the innermost reduced variable.
struct GroupSchedule {
  StageGroup stages;
  std::vector<int> order;    ///< Variables that are neither outer nor reduced.
  std::vector<int> reduced;  ///< Reduced or scanned variables, outermost first.
  int parallel_axes = 0;     ///< Leading variables of `order` in the parallel index.
  int64_t block = 0;         ///< > 0: order[parallel_axes] is cut into blocks of this many.
  int vector_axis = -1;
  int width = 1;
  int unroll = 1;
  int tile_axis = -1;  ///< Loads contiguous along this axis, the last but one of `order`,
  int tile = 1;        ///< are transposed in registers, `tile` of its points at a time.
  double work = 0;     ///< Estimated cycles for the whole domain.
};

/// Groups between two barriers. With an outer domain: all groups, one after another at every outer
/// point. Without: one group.
struct Phase {
  int outer_rank = 0;
  std::vector<GroupSchedule> groups;
  int64_t points = 0;  ///< Extent of the parallel index.
  int64_t grain = 1;   ///< Least points worth handing to a thread.
};

/// Everything that is decided about a nest apart from its meaning: a value beside it.
struct Schedule {
  std::vector<Phase> phases;
  Storage storage;
};

Schedule default_schedule(const loops::Nest& nest, const TargetDescription& target, int threads);

/// One line per phase and group, for people and for the key of the object cache.
std::string text_of(const Schedule& schedule, const loops::Nest& nest);

}  // namespace kasuri::codegen
