#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/graph.h"

namespace kasuri::profiling {

/// How a value becomes one row of features per sample.
enum class ExitPooling : uint8_t {
  kGrid,    ///< [n,c,h,w]: means over a grid of windows, and the largest of each channel.
  kTokens,  ///< [n,t,d]: the first token and the mean of all.
  kRow,     ///< [n,d]: as it is.
};

/// A linear head fitted to a value of a model that has no exit there.
struct AttachedHead {
  std::string at;    ///< The value it reads.
  std::string name;  ///< The value with its class scores.
  ExitPooling pooling = ExitPooling::kRow;
  Tensor weights, bias;  ///< float32 [features, classes] and [classes]; undefined: features only.
};

/// A place where a head can be attached: everything behind it depends on this value alone.
struct ExitPlace {
  std::string value;
  ExitPooling pooling = ExitPooling::kRow;
  int64_t features = 0;
  double share = 0;  ///< Of the full model's nodes (or time, once profiled) up to here.
};

/// All places between the inputs and `last`, in order, with the share of nodes before them. Only
/// float values whose first axis is the batch and that a head can read.
std::vector<ExitPlace> exit_places(const Graph& graph, ValueId last);

/// The head's nodes added to the graph, the backbone untouched: pooling by standard operators, then
/// one Gemm. Without weights its value is the features themselves. Errors: no such value.
Result<Graph> attach_head(Graph graph, const AttachedHead& head);

}  // namespace kasuri::profiling
