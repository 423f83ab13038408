#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/base/cancel_token.h"
#include "engine/base/result.h"
#include "engine/ir/graph.h"

namespace kasuri {

struct ExportOptions {
  std::string producer = "kasuri";
  std::string producer_version;
  std::string domain;
  std::string doc_string;
  int64_t model_version = 0;
  int64_t ir_version = 0;  ///< At least this; raised to what the opset and types need.
  std::map<std::string, std::string> metadata;  ///< Added to graph.metadata().
  /// More metadata_props of one node ("kasuri.group"), which win over its own; may be empty.
  std::function<std::map<std::string, std::string>(const Node&)> node_metadata;
  /// Types of the inputs with their symbols (ImportedModel::declared_inputs), or empty: then the
  /// bound, static types are written. With symbols, inner types are left to the reader.
  std::vector<ValueType> input_types;
  bool external_data = false;  ///< Weights in a file of their own; over 2 GB they always are.
};

/// The graph as ONNX bytes: standard wire format, nodes in topological order, names of inputs,
/// outputs, nodes and values kept, metadata written to metadata_props, weights embedded. A graph
/// output is named by renaming the value behind it; only where that is an input, a constant, a
/// capture or the value of another output an Identity stands between.
/// Errors: operators that only exist inside Kasuri, a node of another opset version than the graph,
/// more than 2 GB.
Result<std::string> export_model(const Graph& graph, const ExportOptions& options = {});

/// The same into a file, written atomically. External weights go to NAME.onnx.data beside it.
Status write_model(const std::string& path, const Graph& graph, const ExportOptions& options = {},
                   const TaskContext& task = {});

}  // namespace kasuri
