#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/ir/tensor.h"
#include "engine/ir/value_type.h"

namespace kasuri {

class Graph;
using GraphPointer = std::shared_ptr<const Graph>;

/// One attribute value; the alternatives are those of ONNX AttributeProto.
using Attribute =
    std::variant<int64_t, float, std::string, Tensor, GraphPointer, ValueType, std::vector<int64_t>,
                 std::vector<float>, std::vector<std::string>, std::vector<Tensor>,
                 std::vector<GraphPointer>, std::vector<ValueType>>;

}  // namespace kasuri
