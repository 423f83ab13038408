#pragma once

#include <fstream>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace kasuri {

/// Writes a file under a temporary name beside it and renames it when `write` succeeded, so that
/// readers see the old file or the new one, never half of it.
Status write_file_atomically(const std::string& path,
                             const std::function<Status(std::ostream&)>& write);
Status write_file_atomically(const std::string& path, std::string_view content);

/// The user's cache folder for Kasuri ($KASURI_CACHE, $XDG_CACHE_HOME/kasuri or ~/.cache/kasuri),
/// created if absent.
Result<std::string> cache_folder(const std::string& sub);

}  // namespace kasuri
