#pragma once

#include <functional>
#include <vector>

#include "engine/loops/nest.h"

namespace kasuri::codegen {

struct Read {
  int buffer;
  const std::vector<loops::Index>& index;
  bool guarded;  ///< In an arm of a select: performed only where the predicate asks for it.
};

/// Calls visit for every element a stage reads, through indirect indices included. The
/// accumulator of a contraction is not a read.
void for_each_read(const loops::Stage& stage, const std::function<void(const Read&)>& visit);

}  // namespace kasuri::codegen
