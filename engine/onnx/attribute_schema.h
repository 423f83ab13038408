#pragma once

#include "engine/base/result.h"
#include "engine/ir/node.h"

namespace kasuri::onnx {

/// Brings spellings of early opsets to the later form: Cast's `to` as a word becomes its number.
/// Then refuses a standard operator whose attribute has another type than the standard gives it, so
/// that typed access (Node::get_int and the like) holds for every imported node. In the standard
/// domain a name has one type in all operators and versions but for a few, listed in the source.
Status check_attribute_types(Node& node);

}  // namespace kasuri::onnx
