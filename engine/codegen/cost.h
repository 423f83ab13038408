#pragma once

#include "engine/codegen/group_program.h"
#include "engine/codegen/target.h"

namespace kasuri::codegen {

/// Rough cycles of a group on one thread, were `axis` (or -1: none) spread over lanes.
struct GroupCost {
  double cycles = 0;      ///< For the whole domain.
  double per_vector = 0;  ///< For one innermost step.
};
GroupCost cost_of(const GroupProgram& program, int axis, int width, int tile_axis = -1);

/// True if the load's lanes along `axis` are a fixed stride apart, and neighbours along
/// `tile_axis`.
bool is_transposed(const GroupProgram& program, const Op& op, int axis, int tile_axis);

/// Lanes that suit the element types of the group: the widest type decides.
int lanes_of(const GroupProgram& program, const loops::Nest& nest, const TargetDescription& target);

}  // namespace kasuri::codegen
