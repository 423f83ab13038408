#include "profiling/worker/progress_frames.h"

#include <nlohmann/json.hpp>

namespace kasuri::profiling {
namespace {

/// The only stage of the engine that counts bytes.
constexpr const char* kReading = "Reading the file";
constexpr double kPauseMs = 50, kTooSoonToTellMs = 250;

}  // namespace

nlohmann::json ProgressFrames::frame_of(const Progress& progress, double now_ms) {
  const bool bytes = progress.stage == kReading && progress.total > 0;
  const bool first = progress.stage != stage_ || progress.done <= 0;
  if (first) {
    stage_ = progress.stage;
    began_ms_ = now_ms;
  }
  const bool last = progress.done >= progress.total;
  if (bytes && !first && !last && now_ms - told_ms_ < kPauseMs) return nullptr;
  told_ms_ = now_ms;
  nlohmann::json frame = {{"id", id_},
                          {"type", "progress"},
                          {"stage", progress.stage},
                          {"done", progress.done},
                          {"total", progress.total}};
  if (!bytes) return frame;
  frame["unit"] = "bytes";
  const double elapsed = now_ms - began_ms_;
  if (progress.done > 0 && elapsed >= kTooSoonToTellMs)
    frame["seconds_left"] = elapsed / 1e3 * (progress.total - progress.done) / progress.done;
  return frame;
}

}  // namespace kasuri::profiling
