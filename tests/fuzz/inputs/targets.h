#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace kasuri::testing {

using Bytes = std::span<const uint8_t>;

/// A reader of foreign bytes. What it refuses, it must refuse as the user's error; what it takes
/// must be sound. Throws on a broken promise.
struct Target {
  std::string_view name;
  void (*run)(Bytes bytes);
};

/// "model": an ONNX file; types inferred, text read back. "text": a graph as text. "plan": a plan
/// file whose size and checksum somebody has put right.
const std::vector<Target>& targets();
const Target* find_target(std::string_view name);

/// A file of this process in memory; rewritten by every call.
std::string scratch_file(const std::string& name, Bytes bytes);

}  // namespace kasuri::testing
