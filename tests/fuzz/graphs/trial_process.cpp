#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "engine/base/check.h"
#include "tests/fuzz/graphs/trial.h"

namespace kasuri::testing {
namespace {

constexpr unsigned kSecondsPerGraph = 60;

/// Fields ended by zero bytes.
void tell(int pipe, const Finding& finding) {
  std::string message;
  for (const std::string* field : {&finding.kind, &finding.recipe, &finding.text}) {
    message += field->substr(0, 10'000);
    message += '\0';
  }
  for (size_t at = 0; at < message.size();) {
    const ssize_t wrote = write(pipe, message.data() + at, message.size() - at);
    if (wrote <= 0) return;
    at += static_cast<size_t>(wrote);
  }
}

std::string read_all(int pipe) {
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(pipe, buffer, sizeof(buffer))) > 0;)
    text.append(buffer, static_cast<size_t>(got));
  return text;
}

Finding told(const std::string& message) {
  Finding finding;
  size_t at = 0;
  for (std::string* field : {&finding.kind, &finding.recipe, &finding.text}) {
    *field = message.c_str() + at;
    at = std::min(message.size(), at + field->size() + 1);
  }
  return finding;
}

}  // namespace

std::optional<Finding> examine_apart(const Graph& graph, const Recipes& recipes) {
  int pipes[2];
  KASURI_CHECK(pipe(pipes) == 0, "a pipe");
  const pid_t child = fork();
  KASURI_CHECK(child >= 0, "a process");
  if (child == 0) {
    close(pipes[0]);
    alarm(kSecondsPerGraph);
    if (const auto finding = examine(graph, recipes)) tell(pipes[1], *finding);
    _exit(0);
  }
  close(pipes[1]);
  const std::string message = read_all(pipes[0]);
  close(pipes[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
    return Finding{"hang", "", fmt::format("not done after {} s", kSecondsPerGraph)};
  if (WIFSIGNALED(status))
    return Finding{"crash", "",
                   fmt::format("signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)))};
  if (WEXITSTATUS(status) != 0)
    return Finding{"crash", "", fmt::format("exit status {}", WEXITSTATUS(status))};
  if (message.empty()) return std::nullopt;
  return told(message);
}

}  // namespace kasuri::testing
