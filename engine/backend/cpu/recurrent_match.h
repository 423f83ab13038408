#pragma once

#include "engine/backend/backend.h"

namespace kasuri::cpu {

/// LSTM, GRU or RNN?
bool is_recurrent(const Node& node);

/// A recurrent node the CPU kernels know, with the sizes they need.
struct RecurrentShape {
  enum class Kind : uint8_t { kLstm, kGru, kGruLinear, kRnnTanh, kRnnRelu };
  Kind kind = Kind::kLstm;
  int64_t steps = 0, batch = 0, input = 0, hidden = 0, directions = 1, gates = 4;
  bool reverse_first = false;  ///< direction "reverse"
};

/// Errors (kUnavailable) give the reason: batch-first layout, lengths, peepholes, clipping, coupled
/// gates, other activations, weights that are not constants, another type.
Result<RecurrentShape> match_recurrent(const KernelRequest& request);

}  // namespace kasuri::cpu
