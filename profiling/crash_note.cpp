#include "profiling/crash_note.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <span>

namespace kasuri::profiling {
namespace {

constinit std::array<char, kNoteBytes> own_note = {};
constinit std::span<char, kNoteBytes> current_step = own_note;

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

void keep_note_in(const char* path) {
  const int file = ::open(path, O_RDWR | O_CLOEXEC);
  struct stat about = {};
  if (file < 0) return;
  if (::fstat(file, &about) == 0 && about.st_size >= kNoteBytes) {
    void* mapped = ::mmap(nullptr, kNoteBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED)
      current_step = std::span<char, kNoteBytes>(static_cast<char*>(mapped), kNoteBytes);
  }
  ::close(file);
}

void name_step_on_crash() {
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    struct sigaction action = {};
    action.sa_handler = on_crash;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
    sigaction(signal, &action, nullptr);
  }
}

}  // namespace kasuri::profiling
