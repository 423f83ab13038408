#include "profiling/worker/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace kasuri::profiling {
namespace {

struct Pipe {
  int read = -1, write = -1;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    return Error::unavailable(std::string("cannot make a pipe: ") + strerror(errno));
  return Pipe{ends[0], ends[1]};
}

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!added.contains(text.substr(0, text.find('=')))) merged.push_back(text);
  }
  for (const auto& [key, value] : added) merged.push_back(key + "=" + value);
  return merged;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(const std::array<int, 3>& streams, int failure, char* const* words,
                         char* const* environment) {
  for (int i = 0; i < 3; ++i) dup2(streams[static_cast<size_t>(i)], i);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  execvpe(words[0], words, environment);
  const int reason = errno;
  (void)!::write(failure, &reason, sizeof reason);
  _exit(127);
}

}  // namespace

Result<ChildProcess> spawn(const WorkerCommand& command) {
  signal(SIGPIPE, SIG_IGN);
  KASURI_TRY(const Pipe in, make_pipe());
  KASURI_TRY(const Pipe out, make_pipe());
  KASURI_TRY(const Pipe err, make_pipe());
  KASURI_TRY(const Pipe failure, make_pipe());
  std::vector<std::string> words = command.words;
  std::vector<std::string> environment = merged_environment(command.environment);
  const std::vector<char*> argv = pointers_to(words);
  const std::vector<char*> envp = pointers_to(environment);
  const pid_t pid = fork();
  if (pid == 0) become({in.read, out.write, err.write}, failure.write, argv.data(), envp.data());
  for (int end : {in.read, out.write, err.write, failure.write}) ::close(end);
  int reason = 0;
  const bool failed = pid < 0 || ::read(failure.read, &reason, sizeof reason) > 0;
  ::close(failure.read);
  if (failed) {
    for (int end : {in.write, out.read, err.read}) ::close(end);
    if (pid > 0) waitpid(pid, nullptr, 0);
    return Error::unavailable("cannot start '" + words[0] +
                              "': " + strerror(pid < 0 ? errno : reason));
  }
  return ChildProcess{pid, in.write, out.read, err.read};
}

std::string own_program() {
  std::error_code ignored;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  if (self.filename() == "kasuri") return self.string();
  const auto beside = self.parent_path() / "kasuri";
  if (std::filesystem::exists(beside, ignored)) return beside.string();
  const char* folder = getenv("KASURI_BIN");
  return folder != nullptr ? std::string(folder) + "/kasuri" : "kasuri";
}

WorkerCommand own_worker_command() {
  return {{own_program(), "worker"}, {{"OMP_WAIT_POLICY", "passive"}, {"GOMP_SPINCOUNT", "2000"}}};
}

}  // namespace kasuri::profiling
