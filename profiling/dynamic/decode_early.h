#pragma once

#include <cstddef>
#include <string>

#include "profiling/dynamic/decode_graph.h"

namespace kasuri::profiling {

/// The model at `path` up to the value `from`, with the model's own head behind it: what leads from
/// the last value of the same type on the way to the scores (the last block's output) reads `from`
/// instead. Blocks behind `from` fall away, and their caches with them. Errors: no such value, no
/// head that could read it.
DecodeSource early_layers(const std::string& path, const std::string& from);

}  // namespace kasuri::profiling
