#pragma once

#include <string>

#include "engine/ir/graph.h"

namespace kasuri::profiling {

/// How far an output may lie from the reference: |a - b| <= relative * max(|b| over the output) +
/// absolute. Taken from the coarsest arithmetic in the model.
struct Tolerance {
  double relative = 1e-4;
  double absolute = 1e-6;
  std::string why = "float32 arithmetic";
};
Tolerance tolerance_for(const Graph& graph);

}  // namespace kasuri::profiling
