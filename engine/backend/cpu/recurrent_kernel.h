#pragma once

#include "engine/backend/backend.h"

namespace kasuri::codegen {
class Compiler;
}

namespace kasuri::cpu {

/// LSTM, GRU or RNN as one step: one multiplication for the inputs of all time steps, then per step
/// one for the state (packed weights) and a generated nest for the gates. Errors as
/// match_recurrent().
Result<KernelPointer> compile_recurrent(const KernelRequest& request, codegen::Compiler& compiler);

}  // namespace kasuri::cpu
