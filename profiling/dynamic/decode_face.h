#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/graph.h"

namespace kasuri::profiling {

/// One tensor of a key-value cache: what the model reads, what it gives back, and the axis along
/// which tokens are joined.
struct CachePair {
  std::string past;     ///< Input.
  std::string present;  ///< Output: `past` with the new tokens' rows behind it.
  int axis = 0;
  /// Keys that the model only reads with their last two axes swapped: kept so, for a row of queries
  /// then reads whole rows of the cache (keys of 64 by 256 positions times five queries: half the
  /// time).
  bool turned = false;
  int kept_axis() const { return turned ? axis + 1 : axis; }
  /// How the cache is kept, given its type in the file.
  ValueType kept_type(ValueType type) const;
};

/// Where a turned cache is read: by nodes that swap the last two axes, and nothing else.
std::vector<NodeId> turning_readers(const Graph& graph, const CachePair& pair);

/// What the user says about a decoder's inputs and outputs; empty: found by name and shape.
struct DecodeNames {
  std::string tokens, logits;
  std::map<std::string, std::string> cache;  ///< past input -> present output
};

/// Where tokens enter a decoder and scores leave it.
struct DecodeFace {
  std::string tokens;  ///< Integer input [batch, tokens].
  DataType token_type = DataType::kInt64;
  std::string logits;  ///< Output [batch, tokens, vocabulary].
  int64_t vocabulary = 0;
  std::vector<CachePair> cache;  ///< Empty: the model takes the whole text each time.
  std::string mask, positions;   ///< Optional inputs: attention_mask, position_ids.

  /// Past inputs of the file that a rewritten graph no longer has; the importer wants their
  /// extents.
  std::vector<CachePair> cut_away;

  /// Extents for the importer: `past` tokens in the cache and `tokens` new ones.
  std::map<std::string, int64_t> dims(int64_t past, int64_t tokens) const;
};

/// Finds the face of a graph imported with one token and one cached token (every dynamic extent 1).
/// Errors say what is missing: no token input, no logits, outputs of a cache without its inputs.
Result<DecodeFace> find_decode_face(const Graph& graph, const DecodeNames& names);

}  // namespace kasuri::profiling
