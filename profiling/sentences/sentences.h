#pragma once

#include <span>

namespace kasuri::profiling {

/// What the engine says in English, with places (%1 to %9) for whatever stands there, and its
/// Japanese. Where '%1' is quoted, a name stands, which stays as it is.
struct Sentence {
  const char* english;
  const char* japanese;
};

/// Why rules decline, and why a kernel is not a faster one.
std::span<const Sentence> rule_sentences();
/// What a comparison says of itself and of its machine.
std::span<const Sentence> report_sentences();
/// What files, models, plans, runs and workers fail with.
std::span<const Sentence> error_sentences();
/// What operators fail with: shapes and reference kernels.
std::span<const Sentence> kernel_sentences();
/// Those that begin with a place: they fit so much that they are tried last.
std::span<const Sentence> general_sentences();

}  // namespace kasuri::profiling
