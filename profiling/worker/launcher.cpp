#include "profiling/worker/launcher.h"

#include <stdlib.h>

namespace kasuri::profiling {
namespace {

constexpr std::string_view kPlace = "{worker}";

std::string remote_program() {
  const char* given = getenv("KASURI_REMOTE");
  return given != nullptr && *given != '\0' ? given : "kasuri";
}

}  // namespace

Result<std::vector<std::string>> shell_words(const std::string& text) {
  std::vector<std::string> words;
  char quote = 0;
  bool open = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool space = quote == 0 && (c == ' ' || c == '\t' || c == '\n');
    if (space) {
      open = false;
      continue;
    }
    if (!open) words.emplace_back();
    open = true;
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      words.back() += text[++i];
    } else {
      words.back() += c;
    }
  }
  if (quote != 0) return Error("'" + text + "' has an open quote");
  return words;
}

Result<WorkerCommand> launched_worker_command(const std::string& launcher) {
  KASURI_TRY_IN(std::vector<std::string> words, shell_words(launcher), "--launcher");
  if (words.empty()) return Error("--launcher: no command; write e.g. --launcher \"ssh host\"");
  bool placed = false;
  for (std::string& word : words)
    if (const size_t at = word.find(kPlace); at != std::string::npos) {
      word.replace(at, kPlace.size(), remote_program() + " worker");
      placed = true;
    }
  if (!placed) {
    words.push_back(remote_program());
    words.push_back("worker");
  }
  return WorkerCommand{words, {{"OMP_WAIT_POLICY", "passive"}}};
}

}  // namespace kasuri::profiling
