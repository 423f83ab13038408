#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/onnx/importer.h"
#include "profiling/dynamic/decode_face.h"
#include "profiling/dynamic/decode_lengths.h"

namespace kasuri::profiling {

/// Where a decoder's graph comes from: a file, at any extents. `rewrite` (may be empty) is applied
/// after import: early layers as a draft.
struct DecodeSource {
  std::string path;
  std::function<Result<Graph>(Graph)> rewrite;

  Result<Graph> import(const std::map<std::string, int64_t>& dims, const TaskContext& task) const;
};

/// A decoder for `tokens` new tokens at once over a cache of fixed capacity, at any fill.
///
/// The law: slot j of the cache holds the token at position j. Where the model joins cache and new
/// rows (Concat), the new rows are put into their slots instead (TensorScatter from `kFirstSlot`
/// on; a plan that has the cache as its state does so in place); what depends on the fill alone
/// becomes an input; slots beyond the fill are masked. The keys a token sees lie at the same places
/// however many tokens are run at once, so that a token's scores do not depend on that. New rows
/// are outputs: who runs the graph keeps the cache.
struct DecodeGraph {
  static constexpr const char* kFirstSlot = "kasuri.first_slot";  ///< ".N": int64 [N]

  Graph graph;  ///< Outputs: logits, then each pair's new rows.
  int64_t tokens = 0, capacity = 0;
  LengthProgram lengths;
  std::vector<std::string> length_inputs;  ///< For lengths.data(), in order.
};

/// Errors: a cache that is not joined with new rows by one Concat, a value that depends on the fill
/// and has no masked form, whatever importing fails with.
Result<DecodeGraph> make_decode_graph(const DecodeSource& source, const DecodeFace& face,
                                      int64_t tokens, int64_t capacity, const TaskContext& task);

/// The rows behind `past` tokens of a length value, brought to the extents of `type`: masked slots
/// are minus infinity, or false. `to` has room for them.
Status pad_length_value(const Tensor& value, const ValueType& type, std::byte* to);

}  // namespace kasuri::profiling
