#include "engine/base/atomic_file.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace kasuri {
namespace fs = std::filesystem;

Status write_file_atomically(const std::string& path,
                             const std::function<Status(std::ostream&)>& write) {
  static std::atomic<int> counter{0};
  const std::string temporary =
      path + ".tmp" + std::to_string(::getpid()) + "." + std::to_string(counter++);
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  if (!out) return Error("cannot write '" + path + "': " + std::strerror(errno));
  Status status = write(out);
  out.close();
  std::error_code ignored;
  if (!status.ok() || !out) {
    fs::remove(temporary, ignored);
    if (!status.ok()) return status;
    return Error("cannot write '" + path + "': " + std::strerror(errno));
  }
  std::error_code failed;
  fs::rename(temporary, path, failed);
  if (failed) {
    fs::remove(temporary, ignored);
    return Error("cannot write '" + path + "': " + failed.message());
  }
  return Done{};
}

Status write_file_atomically(const std::string& path, std::string_view content) {
  return write_file_atomically(path, [&](std::ostream& out) -> Status {
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    return Done{};
  });
}

Result<std::string> cache_folder(const std::string& sub) {
  fs::path root;
  if (const char* own = std::getenv("KASURI_CACHE"); own && *own) {
    root = own;
  } else if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg && *xdg) {
    root = fs::path(xdg) / "kasuri";
  } else if (const char* home = std::getenv("HOME"); home && *home) {
    root = fs::path(home) / ".cache" / "kasuri";
  } else {
    root = fs::temp_directory_path() / ("kasuri-" + std::to_string(::getuid()));
  }
  const fs::path folder = root / sub;
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return Error("cannot create '" + folder.string() + "': " + failed.message());
  return folder.string();
}

}  // namespace kasuri
