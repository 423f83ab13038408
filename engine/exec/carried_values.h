#pragma once

#include <span>
#include <vector>

#include "engine/exec/frame.h"

namespace kasuri {

/// A value a body gives at its end and takes at the start of its next iteration.
struct CarriedValue {
  BufferId input, output;
};

/// Moves carried values of Loop and Scan. Static values go from memory to memory; a body may give
/// one input as another one's next value, so those wait aside first.
class CarriedValues {
 public:
  CarriedValues(Frame& body, std::vector<CarriedValue> values);

  /// Values before the first iteration. Errors: one does not fit what was planned.
  Status start(std::span<const RuntimeValue> values);
  /// From the end of one iteration to the start of the next.
  Status advance();
  /// Value `k` after advance().
  RuntimeValue value(size_t k) const { return body_.value_of(values_[k].input); }

 private:
  enum class Way : uint8_t { kStays, kCopies, kWaits };
  Way way_of(const CarriedValue& value) const;

  Frame& body_;
  std::vector<CarriedValue> values_;
  std::vector<Way> ways_;
  std::vector<RuntimeValue> waiting_;
};

}  // namespace kasuri
