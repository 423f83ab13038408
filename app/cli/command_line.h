#pragma once

#include <string>

namespace kasuri::cli {

/// This process' command line, quoted for a shell.
std::string reproducing_command();

}  // namespace kasuri::cli
