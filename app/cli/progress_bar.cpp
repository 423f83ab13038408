#include "app/cli/progress_bar.h"

#include <fmt/format.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

namespace kasuri::cli {
namespace {

bool drawn = false;

std::string bar(double done, double total) {
  constexpr int kWidth = 24;
  if (total <= 0) return "";
  const int filled = std::clamp(static_cast<int>(done / total * kWidth), 0, kWidth);
  std::string out = "[";
  for (int i = 0; i < kWidth; ++i) out += i < filled ? '#' : '.';
  return out + "] ";
}

/// The stage was told a moment ago.
bool too_soon(const Progress& progress) {
  using Clock = std::chrono::steady_clock;
  static Clock::time_point last;
  static std::string last_stage;
  const auto now = Clock::now();
  if (progress.stage == last_stage && now - last < std::chrono::milliseconds(50)) return true;
  last = now;
  last_stage = progress.stage;
  return false;
}

void draw(const Progress& progress) {
  if (too_soon(progress)) return;
  fmt::print(stderr, "\r\x1b[K{}{}", bar(progress.done, progress.total), progress.stage);
  fflush(stderr);
  drawn = true;
}

/// Whoever reads along wants the end of a stage in any case.
void print_json(const Progress& progress) {
  if (too_soon(progress) && progress.done < progress.total) return;
  const nlohmann::json line = {
      {"stage", progress.stage}, {"done", progress.done}, {"total", progress.total}};
  fmt::print(stderr, "{}\n", line.dump());
}

}  // namespace

ProgressListener make_progress(bool quiet, bool json) {
  if (json) return print_json;
  if (quiet || isatty(STDERR_FILENO) == 0) return nullptr;
  return draw;
}

void end_progress() {
  if (!drawn) return;
  fmt::print(stderr, "\r\x1b[K");
  fflush(stderr);
  drawn = false;
}

}  // namespace kasuri::cli
