#pragma once

#include "engine/rewrite/pass.h"

namespace kasuri {

/// Every pass and rule, in the order they run, written down by hand.
const PassList& catalogue();

}  // namespace kasuri
