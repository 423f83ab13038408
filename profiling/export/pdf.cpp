#include "profiling/export/pdf.h"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <vector>

#include "engine/base/atomic_file.h"
#include "profiling/clock.h"

namespace kasuri::profiling {
namespace {

namespace fs = std::filesystem;

constexpr double kPatienceMs = 60e3;
constexpr int kPauseMicroseconds = 20000;
constexpr std::array kBrowsers = {"chromium",       "chromium-browser",
                                  "google-chrome",  "google-chrome-stable",
                                  "microsoft-edge", "brave-browser"};

std::string on_path(const std::string& program) {
  const char* path = getenv("PATH");
  std::string rest = path != nullptr ? path : "/usr/bin:/bin";
  while (!rest.empty()) {
    const size_t colon = rest.find(':');
    const std::string file = rest.substr(0, colon) + "/" + program;
    if (access(file.c_str(), X_OK) == 0) return file;
    rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
  }
  return "";
}

/// A folder of our own beside the file (where a confined browser may write, too), gone with this.
class Workshop {
 public:
  explicit Workshop(const std::string& beside) {
    const fs::path parent = fs::absolute(beside).parent_path();
    path_ = (parent / "kasuri-pdf-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~Workshop() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  bool exists() const { return !path_.empty(); }
  std::string file(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::vector<std::string> words_for(const std::string& browser, const Workshop& shop) {
  std::vector<std::string> words = {browser,
                                    "--headless",
                                    "--disable-gpu",
                                    "--no-first-run",
                                    "--disable-extensions",
                                    "--disable-background-networking",
                                    "--host-resolver-rules=MAP * ~NOTFOUND",
                                    "--no-pdf-header-footer",
                                    "--user-data-dir=" + shop.file("profile"),
                                    "--print-to-pdf=" + shop.file("report.pdf"),
                                    "file://" + shop.file("report.html")};
  if (geteuid() == 0) words.insert(words.begin() + 1, "--no-sandbox");
  return words;
}

/// Starts the words in a process group of their own, silent. -1: it could not be started.
pid_t start_silently(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t child = -1;
  const int failure =
      posix_spawn(&child, words[0].c_str(), &actions, &attributes, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failure == 0 ? child : -1;
}

/// Errors: no end within a minute, cancellation; the process and what it started are then gone.
Status wait_for(pid_t child, const TaskContext& context) {
  const Stopwatch watch;
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    const bool late = watch.milliseconds() > kPatienceMs;
    if (late || context.cancel.cancelled()) {
      kill(-child, SIGKILL);
      waitpid(child, &status, 0);
      if (!late) return Error::cancelled();
      return Error::unavailable("the browser did not print within a minute");
    }
    usleep(kPauseMicroseconds);
  }
  return Done{};
}

bool is_pdf(const std::string& path) {
  std::array<char, 5> head = {};
  std::ifstream(path, std::ios::binary).read(head.data(), 4);
  return strcmp(head.data(), "%PDF") == 0;
}

}  // namespace

Result<std::string> find_printing_browser() {
  if (const char* given = getenv("KASURI_BROWSER"); given != nullptr && *given != '\0') {
    const std::string file = strchr(given, '/') != nullptr ? given : on_path(given);
    if (!file.empty() && access(file.c_str(), X_OK) == 0) return file;
    return Error::unavailable(fmt::format("KASURI_BROWSER names '{}', which is no program", given));
  }
  for (const char* name : kBrowsers)
    if (const std::string file = on_path(name); !file.empty()) return file;
  return Error::unavailable(
      "a PDF is printed by Chromium, Chrome or Edge, and none is installed here: install one, name "
      "it in KASURI_BROWSER, or print the HTML report from any browser");
}

Status print_pdf(const std::string& html, const std::string& path, const TaskContext& context) {
  KASURI_TRY(const std::string browser, find_printing_browser());
  const Workshop shop(path);
  if (!shop.exists()) return Error(fmt::format("cannot write {}: {}", path, strerror(errno)));
  KASURI_RETURN_IF_ERROR(write_file_atomically(shop.file("report.html"), html));
  context.report("Printing the report");
  std::vector<std::string> words = words_for(browser, shop);
  const pid_t child = start_silently(words);
  if (child < 0) return Error::unavailable("cannot start '" + browser + "'");
  KASURI_RETURN_IF_ERROR(wait_for(child, context));
  if (!is_pdf(shop.file("report.pdf")))
    return Error::unavailable(
        fmt::format("'{}' printed nothing; the HTML report can be printed "
                    "from any browser",
                    browser));
  std::error_code failure;
  fs::rename(shop.file("report.pdf"), path, failure);
  if (failure) return Error(fmt::format("cannot write {}: {}", path, failure.message()));
  return Done{};
}

}  // namespace kasuri::profiling
