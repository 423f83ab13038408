#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "engine/ir/tensor.h"

namespace kasuri {

/// Where the large constants of a plan file will lie, each once, 64-byte aligned.
class WeightSection {
 public:
  /// Offset of the tensor's bytes in the section.
  uint64_t place(const Tensor& tensor);
  uint64_t bytes() const { return end_; }
  /// The tensors in order of offset.
  const std::vector<std::pair<uint64_t, Tensor>>& tensors() const { return tensors_; }

 private:
  std::map<std::pair<const std::byte*, size_t>, uint64_t> places_;
  std::vector<std::pair<uint64_t, Tensor>> tensors_;
  uint64_t end_ = 0;
};

/// The section of a mapped file.
struct MappedWeights {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
};

}  // namespace kasuri
