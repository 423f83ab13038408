#include "engine/exec/carried_values.h"

#include <cstring>

#include "engine/exec/values.h"

namespace kasuri {

CarriedValues::CarriedValues(Frame& body, std::vector<CarriedValue> values)
    : body_(body), values_(std::move(values)), waiting_(values_.size()) {
  for (const CarriedValue& value : values_) ways_.push_back(way_of(value));
}

CarriedValues::Way CarriedValues::way_of(const CarriedValue& value) const {
  if (value.input == value.output) return Way::kStays;
  const PlanBuffer &from = body_.buffer(value.output), &to = body_.buffer(value.input);
  const bool own_memory = from.kind == BufferKind::kOutput && to.kind == BufferKind::kInput;
  return own_memory && from.type == to.type ? Way::kCopies : Way::kWaits;
}

Status CarriedValues::start(std::span<const RuntimeValue> values) {
  for (size_t k = 0; k < values_.size(); ++k)
    KASURI_RETURN_IF_ERROR(body_.store(values_[k].input, values[k]));
  return ok_status();
}

Status CarriedValues::advance() {
  for (size_t k = 0; k < values_.size(); ++k) {
    if (ways_[k] != Way::kWaits) continue;
    const RuntimeValue made = body_.value_of(values_[k].output);
    const BufferKind kind = body_.buffer(values_[k].output).kind;
    const bool overwritten = kind == BufferKind::kInput && made.is_tensor();
    waiting_[k] = overwritten ? detached(made) : made;
  }
  for (size_t k = 0; k < values_.size(); ++k) {
    if (ways_[k] == Way::kWaits) {
      KASURI_RETURN_IF_ERROR(body_.store(values_[k].input, waiting_[k]));
      waiting_[k] = RuntimeValue();
    }
    if (ways_[k] != Way::kCopies) continue;
    const PlanBuffer& to = body_.buffer(values_[k].input);
    if (to.bytes > 0)
      std::memcpy(body_.memory_of(to.id), body_.memory_of(values_[k].output),
                  static_cast<size_t>(to.bytes));
  }
  return ok_status();
}

}  // namespace kasuri
