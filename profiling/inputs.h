#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/graph.h"
#include "engine/ir/runtime_value.h"

namespace kasuri::profiling {

/// `--input NAME=SOURCE`: a file (.npy, .npz, .pb), a folder of them, or a rule:
/// "seed:7", "range:LO:HI", "mod:K[:ADD]", "const:V", "arange".
struct InputChoice {
  std::string name;
  std::string source;
};

struct InputRequest {
  uint64_t seed = 0;
  std::vector<InputChoice> choices;
  std::map<std::string, RuntimeValue> given;  ///< By name; wins over choices.
  int sample = 0;                             ///< Which file of a folder (modulo their number).
};

struct BoundInputs {
  std::map<std::string, RuntimeValue> values;
  std::map<std::string, std::string> sources;  ///< "file x.npy", "seeded", ...
  std::map<std::string, std::string> taken;    ///< Of a folder: "a.npy, the first of 5 files in F".
  int samples = 1;                             ///< Largest number of files in a folder given.
  Fingerprint hash() const;
};

/// A value for every input of the graph. Without a choice values are seeded with the input's name
/// (models/fill_weights.py): floats in [-1, 1), bool 0 or 1, integers in 0..7; a name with "mask"
/// gets ones, "token_type" or "segment" zeros, "position" the index. A seed other than 0 changes
/// the stream. Errors: unknown names, unreadable files, wrong dtype or shape (both named), an input
/// whose shape is not known.
Result<BoundInputs> make_inputs(const Graph& graph, const InputRequest& request);

}  // namespace kasuri::profiling
