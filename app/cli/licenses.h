#pragma once

namespace kasuri::cli {

/// "kasuri 0.1.0" and, when asked, every third-party part with its licence.
void print_version(bool licenses);

}  // namespace kasuri::cli
