#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/ir/runtime_value.h"

namespace kasuri::profiling {

/// A value for the input `name` of this type: .npy, .npz (the member of that name, or the only
/// one), or .pb (TensorProto, SequenceProto, OptionalProto by the type).
Result<RuntimeValue> read_input_file(const std::string& path, const std::string& name,
                                     const ValueType& type);

/// Writes `folder`/NAME.npy or NAME.pb (characters unsafe in a file name become '_') and returns
/// the file's name. What NumPy cannot hold (sequences, optionals, strings, bfloat16, packed types)
/// is always .pb.
Result<std::string> write_output_file(const std::string& folder, const std::string& name,
                                      const RuntimeValue& value, const std::string& format);

}  // namespace kasuri::profiling
