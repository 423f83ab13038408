#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/cancel_token.h"
#include "engine/base/fingerprint.h"
#include "engine/base/result.h"
#include "engine/ir/graph.h"

namespace kasuri {

struct ImportOptions {
  /// Extents of dynamic dimensions: a symbol ("batch") or "INPUT:AXIS" -> N. The more exact wins.
  std::map<std::string, int64_t> dims;
  /// Make up weights whose file is absent, by the rule of engine/onnx/weight_synthesis.h.
  bool synthesize_weights = false;
  int64_t default_dim = 1;  ///< For dynamic dimensions nobody names.
  /// Accept names in `dims` this model does not have (one set of dims for many models).
  bool ignore_unknown_dims = false;
};

/// One dynamic dimension of one input and the number it was given.
struct DimBinding {
  std::string input;
  int axis = 0;
  std::string symbol;  ///< Empty where the file only says "unknown".
  int64_t value = 0;
  bool is_default = false;  ///< Nobody asked for it.
  /// What `dims` calls it: the symbol, or "INPUT:AXIS".
  std::string name() const { return symbol.empty() ? input + ":" + std::to_string(axis) : symbol; }
};

struct ImportedModel {
  Graph graph;
  std::vector<DimBinding> dims;
  /// Types of the inputs as the file declares them, symbols kept, in the order of graph.inputs().
  std::vector<ValueType> declared_inputs;
  std::string path;
  std::string producer;  ///< "pytorch 2.2.0"
  int64_t ir_version = 0;
  int64_t model_version = 0;
  std::string domain;
  std::string doc_string;
  Fingerprint content_hash;  ///< File bytes, and name, size and time of external files.
  int64_t weight_bytes = 0;  ///< Constants of the graph and its bodies, as stored.
  bool synthesized_weights = false;
  std::vector<std::string> notes;  ///< What a user may want to know; never an error.
};

/// Reads an ONNX file, or a graph as text when the name ends in ".ktxt" (engine/ir/parser.h).
///
/// The file is mapped and its wire format scanned in place: weights, embedded or external, stay
/// views of the mapped files. What follows holds for the graph: initialisers and Constant nodes are
/// constants (also where the file lists an initialiser as an input), sparse ones are dense,
/// model-local functions are inlined, dynamic dimensions of the inputs are bound, captures of
/// bodies are explicit at every depth, names are unique. Types are those the file declares, except
/// for extents of what known operators give: those follow, with the rest, from infer_graph(), or
/// show while the model runs; a file may claim what it likes.
///
/// Errors are the user's and name file, node, operator and opset. Nothing in a file makes this
/// crash, hang, allocate more than a small multiple of the file or read outside its folder.
Result<ImportedModel> import_model(const std::string& path, const ImportOptions& options = {},
                                   const TaskContext& task = {});

/// The same for a graph in text form.
Result<ImportedModel> import_text(const std::string& path, const ImportOptions& options = {},
                                  const TaskContext& task = {});

}  // namespace kasuri
