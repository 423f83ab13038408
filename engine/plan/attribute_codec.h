#pragma once

#include "engine/ir/attribute.h"
#include "engine/plan/byte_stream.h"
#include "engine/plan/weight_section.h"

namespace kasuri {

void write_type(ByteWriter& out, const ValueType& type);
void write_tensor(ByteWriter& out, WeightSection& weights, const Tensor& tensor);
void write_attribute(ByteWriter& out, WeightSection& weights, const Attribute& attribute);

/// Reading: malformed content fails the reader and gives some value.
ValueType read_type(ByteReader& in, int depth = 0);
Tensor read_tensor(ByteReader& in, const MappedWeights& weights);
Attribute read_attribute(ByteReader& in, const MappedWeights& weights, int depth);

}  // namespace kasuri
