#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/base/cancel_token.h"

namespace kasuri::profiling {

/// What one request tells while it runs, as `progress` frames of the protocol. Bytes come with
/// their unit and, once that can be told, the seconds left; they are told a few times a second.
class ProgressFrames {
 public:
  explicit ProgressFrames(int id) : id_(id) {}

  /// `now_ms`: any clock that only goes forward. Null: too soon after the last one.
  nlohmann::json frame_of(const Progress& progress, double now_ms);

 private:
  int id_;
  std::string stage_;
  double began_ms_ = 0, told_ms_ = 0;
};

}  // namespace kasuri::profiling
