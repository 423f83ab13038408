#include "engine/plan/weight_section.h"

namespace kasuri {

uint64_t WeightSection::place(const Tensor& tensor) {
  const auto key = std::make_pair(tensor.bytes().data(), tensor.bytes().size());
  if (const auto it = places_.find(key); it != places_.end()) return it->second;
  const uint64_t offset = end_;
  places_[key] = offset;
  tensors_.emplace_back(offset, tensor);
  end_ = (offset + tensor.bytes().size() + 63) / 64 * 64;
  return offset;
}

}  // namespace kasuri
