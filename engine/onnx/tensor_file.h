#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/runtime_value.h"

namespace kasuri {

/// A TensorProto, SequenceProto or OptionalProto file; `type` says which, as the file does not.
Result<RuntimeValue> read_value_file(const std::string& path, const ValueType& type);

/// A tensor file: .npy (versions 1 to 3, C or Fortran order), else TensorProto.
Result<Tensor> read_tensor_file(const std::string& path);

/// The arrays of an .npz file by name (without ".npy"); stored or deflated members.
Result<std::map<std::string, Tensor>> read_npz_file(const std::string& path);

/// TensorProto, SequenceProto or OptionalProto bytes of a value.
std::string value_proto(const std::string& name, const RuntimeValue& value);

/// Writes .npy where the name ends so, else the protobuf form. Errors: the file cannot be written,
/// or the type has no .npy form (strings, bfloat16, packed types).
Status write_value_file(const std::string& path, const std::string& name,
                        const RuntimeValue& value);

/// The .npy form of a tensor.
Result<std::string> npy_bytes(const Tensor& tensor);
Result<Tensor> parse_npy(std::span<const std::byte> bytes);

}  // namespace kasuri
