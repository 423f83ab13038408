#pragma once

#include "app/session/workbench_data.h"

namespace kasuri::tests {

/// A decoder of `blocks` alike blocks of `size` operators between an embedding and a head of 31
/// operators; the mask and the rotary table, made first, are read by every block.
app::ModelInfo decoder_model(int blocks, int size);

}  // namespace kasuri::tests
