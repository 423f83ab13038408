#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/tensor.h"

namespace kasuri {

/// Number `index` of the splitmix64 stream that a name seeds (FNV-1a, 64 bit): the source of all
/// made-up weights and inputs.
class SeededStream {
 public:
  explicit SeededStream(const std::string& name);
  uint64_t at(uint64_t index) const;
  /// In [0, 1), 24 bits.
  float unit(uint64_t index) const;

 private:
  uint64_t seed_;
};

/// How the values of an input are made up.
struct SeededRule {
  enum class Kind : uint8_t {
    kUniform,     ///< low + (high - low) * unit, in float32.
    kModulo,      ///< (z >> 32) % modulus + offset.
    kConstant,    ///< low everywhere.
    kListed,      ///< `values`, one per element.
    kArangeLast,  ///< Flat index % last extent.
  };
  Kind kind = Kind::kUniform;
  double low = -1, high = 1;
  int64_t modulus = 2, offset = 0;
  std::vector<double> values;
};

/// A tensor of made-up values, the same for the same name on every machine. Errors: strings, a list
/// of another length, a modulus below 1, extents that make no tensor.
Result<Tensor> seeded_tensor(const std::string& name, DataType dtype,
                             const std::vector<int64_t>& extents, const SeededRule& rule = {});

/// Values as `dtype`, rounded once; integers by truncation. Numeric types of at least 8 bits.
Result<Tensor> tensor_of_numbers(DataType dtype, const std::vector<int64_t>& extents,
                                 const std::vector<double>& values);

}  // namespace kasuri
