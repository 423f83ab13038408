#pragma once

#include "engine/loops/nest.h"

namespace kasuri::cpu {

/// The elementwise part of one time step, b rows of h units. `x` is what the input contributes
/// (biases included), `r` what the previous state contributes, gates in ONNX order.
///
/// in x [b,4,h], r [b,4,h], c_previous [b,h]; out c [b,h], h [b,h]   (gates i o f c)
loops::Nest lstm_cell(int64_t b, int64_t h);
/// linear_before_reset: in x [b,3,h], r [b,3,h], h_previous [b,h], rb [h]; out h [b,h]   (z r h)
loops::Nest gru_cell_linear(int64_t b, int64_t h);
/// Otherwise, first half: in x [b,3,h], r [b,2,h], h_previous [b,h]; out reset * h_previous [b,h]
loops::Nest gru_reset(int64_t b, int64_t h);
/// and second half: in x [b,3,h], r [b,2,h], h_previous [b,h], q [b,h]; out h [b,h]
loops::Nest gru_cell(int64_t b, int64_t h);
/// in x [b,1,h], r [b,1,h]; out h [b,h]; `relu` instead of tanh
loops::Nest rnn_cell(int64_t b, int64_t h, bool relu);

}  // namespace kasuri::cpu
