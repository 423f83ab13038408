#pragma once

#include "engine/base/fingerprint.h"
#include "engine/ir/graph.h"

namespace kasuri {

/// Adds an attribute's type and contents.
void add_to(FingerprintBuilder& builder, const Attribute& attribute);

/// Adds a tensor: dtype and extents, and its contents when they are owned or at most 64 KiB. Large
/// tensors mapped from a file enter by address, so that fingerprints within one process stay cheap;
/// compare files with Tensor::fingerprint().
void add_to(FingerprintBuilder& builder, const Tensor& tensor);

/// Contents-equal, types included.
bool equal(const Attribute& a, const Attribute& b);

}  // namespace kasuri
