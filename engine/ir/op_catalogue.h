#pragma once

#include <string_view>

#include "engine/base/result.h"
#include "engine/ir/node.h"

namespace kasuri {

/// What a version of a standard operator takes and gives.
struct OpSignature {
  static constexpr int kAny = INT32_MAX;

  std::string_view domain;
  std::string_view name;
  int since;  ///< First opset version of the domain that it holds for.
  int min_inputs, max_inputs;
  int min_outputs, max_outputs;
  /// "name=type ..." with type one of f i s t g (single: float, int, string, tensor, graph),
  /// F I S T G (lists; T: a type), p (type), z (sparse tensor), ! before it where required.
  std::string_view attributes;
};

/// The signature in force at this opset; null for operators that are not of ai.onnx, ai.onnx.ml or
/// the preview domains, and for legacy experimental ones.
const OpSignature* find_signature(const OpKind& op, int opset);

/// Refuses, as the user's error, a number of inputs or outputs, an attribute or an attribute type
/// that the operator's signature does not have. Operators without a signature pass.
Status check_signature(const Node& node);

}  // namespace kasuri
