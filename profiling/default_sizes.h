#pragma once

#include <vector>

#include "engine/onnx/importer.h"

namespace kasuri::profiling {

/// An error that sizes nobody gave may be the reason of, with their names and how to give them.
/// Others (cancelled, ours) and those of models without such sizes stay as they are.
Error with_default_sizes(Error error, const std::vector<DimBinding>& dims);

}  // namespace kasuri::profiling
