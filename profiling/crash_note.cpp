#include "profiling/crash_note.h"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace kasuri::profiling {
namespace {

constinit std::array<char, 512> current_step = {};

void write_text(const char* text) { (void)!::write(2, text, strlen(text)); }

/// Async-signal-safe: no allocation, no formatting library.
void on_crash(int signal) {
  std::array<char, 4> digits = {static_cast<char>('0' + signal / 10),
                                static_cast<char>('0' + signal % 10), 0, 0};
  write_text("kasuri worker: signal ");
  write_text(signal < 10 ? digits.data() + 1 : digits.data());
  if (current_step[0] != 0) {
    write_text(" while running ");
    write_text(current_step.data());
  }
  write_text("\n");
  ::signal(signal, SIG_DFL);
  raise(signal);
}

}  // namespace

void note_step(int number, const std::string& name, const std::string& op) {
  const auto end = fmt::format_to_n(current_step.begin(), current_step.size() - 1,
                                    "step {} '{}' ({})", number, name, op);
  *end.out = 0;
}

void note_nothing() { current_step[0] = 0; }

void name_step_on_crash() {
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    struct sigaction action = {};
    action.sa_handler = on_crash;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
    sigaction(signal, &action, nullptr);
  }
}

}  // namespace kasuri::profiling
