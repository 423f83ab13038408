#pragma once

#include "engine/base/result.h"
#include "engine/onnx/messages.h"

namespace kasuri::onnx {

/// How deep graphs may nest inside attributes of nodes, and types inside types.
constexpr int kMaxNesting = 200;

/// Scans a ModelProto in place. Damage (cut-off or overlong fields, wrong wire types, names that
/// are not UTF-8, nesting beyond kMaxNesting) is a user error that says where. Unknown fields are
/// skipped.
Result<ModelMessage> read_model(Bytes file);
/// A bare TensorProto (test vectors, `--input x.pb`).
Result<TensorMessage> read_tensor(Bytes file);

}  // namespace kasuri::onnx
