#pragma once

#include <functional>

#include "engine/base/cancel_token.h"

namespace kasuri::cli {

/// A listener that draws one line on stderr when that is a terminal, prints JSON lines when asked,
/// and nothing otherwise.
ProgressListener make_progress(bool quiet, bool json);
/// Wipes the line.
void end_progress();

}  // namespace kasuri::cli
