#pragma once

#include <string>

namespace kasuri::profiling {

/// What tells this build of the program from any other: the identity the linker wrote into it, else
/// a fingerprint of its file.
const std::string& build_identity();

}  // namespace kasuri::profiling
