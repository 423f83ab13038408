#pragma once

#include "engine/onnx/tensor_reader.h"

namespace kasuri::onnx {

/// A tensor whose numbers are in the typed fields (float_data, int32_data, ...). One packed run of
/// floats or doubles is viewed, everything else decoded. Errors: a count that does not fit.
Result<Tensor> read_typed(const TensorMessage& message, const TensorForm& form,
                          const std::shared_ptr<const void>& file);

}  // namespace kasuri::onnx
