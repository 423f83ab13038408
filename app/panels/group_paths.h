#pragma once

#include "app/charts/memory_axis.h"
#include "app/session/workbench_data.h"

namespace kasuri::app {

/// The groups that the graph draws, without runs: a block is named by itself. Takes a while with
/// large models.
GroupPaths groupPathsOf(const ModelInfo &model);

} // namespace kasuri::app
