#pragma once

#include <string>
#include <string_view>

#include "engine/ir/value_type.h"
#include "engine/onnx/messages.h"

namespace kasuri::onnx {

/// The type a file declares; symbols are kept, negative extents are unknown. Types we have no word
/// for (sparse, opaque, unknown elements) leave dtype undefined.
ValueType value_type_of(const TypeMessage& message);

/// The same type with every extent that is not a number unknown.
ValueType without_symbols(ValueType type);

/// Text with everything that is not UTF-8 replaced by U+FFFD.
std::string clean_text(std::string_view text);

}  // namespace kasuri::onnx
