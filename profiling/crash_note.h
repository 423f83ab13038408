#pragma once

#include <string>

namespace kasuri::profiling {

/// Remembers the step that runs, so that a crash can name it. Cheap: copies a few bytes.
void note_step(int number, const std::string& name, const std::string& op);
void note_nothing();
/// From now on the note is kept in a file (of kNoteBytes, zero-terminated text), where it survives
/// a process that is killed. Without such a file nothing happens.
inline constexpr int kNoteBytes = 512;
void keep_note_in(const char* path);

/// Installs handlers for SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT that write
/// "kasuri worker: signal N while running step 17 'conv1' (Conv)" to stderr and then die of the
/// same signal.
void name_step_on_crash();

}  // namespace kasuri::profiling
