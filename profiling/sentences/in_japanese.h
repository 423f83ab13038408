#pragma once

#include <string>
#include <string_view>

namespace kasuri::profiling {

/// A reason, error or warning of the engine in Japanese; several are parted by "; ". Names of
/// nodes, operators and passes stay, and so does what nobody foresaw. The one table of report and
/// window: links nothing.
std::string in_japanese(std::string_view said);

}  // namespace kasuri::profiling
