#pragma once

#include <memory>
#include <string>

#include "engine/plan/planner.h"

namespace kasuri {

/// What a plan file (.kplan) holds: the graph as planned with its weights, the decisions beside it,
/// the options, and where it was made. No machine code: it is compiled on arrival, kernels coming
/// from the object cache where they are known.
struct PlanFileContent {
  std::shared_ptr<const Graph> graph;
  PlanDecisions decisions;
  PlanOptions options;
  std::string made_by;      ///< "kasuri 0.1.0"
  std::string environment;  ///< "CPU, AVX-512, oneDNN 2.6.3"
};

/// Writes the file under a temporary name and renames it. Constants are streamed, not copied.
///
///   "KASURIPL" | version | file bytes | description bytes | description | pad to 64 | weights |
///   hash
///
/// All numbers are 64 bit, little-endian; the hash (XXH3, 128 bit, over chunks of 1 MiB) covers
/// everything in front of it.
Status save_plan(const std::string& path, const PlanFileContent& content);

/// Maps the file and checks it like any foreign input: magic, version, size, hash, every count and
/// number; types are inferred anew and must agree. Weights stay views of the mapped file.
/// Errors (one clear message): not a plan, another version, truncated, damaged, contradictory.
Result<PlanFileContent> load_plan(const std::string& path);

}  // namespace kasuri
