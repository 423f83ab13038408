#include "engine/plan/buffer_table.h"

#include <algorithm>

namespace kasuri {

BufferKind BufferTable::kind_of(const Value& value) const {
  if (value.constant) return BufferKind::kConstant;
  if (!value.type.is_static_tensor() || bits_of(value.type.dtype) == 0) return BufferKind::kDynamic;
  if (!value.producer.valid()) return BufferKind::kInput;
  // Bodies may stop early, whatever extents the file declares.
  const Node& producer = graph_.node(value.producer);
  if (value.consumers.empty() && (producer.is("Loop") || producer.is("If")))
    return BufferKind::kDynamic;
  return graph_.is_output(value.id) ? BufferKind::kOutput : BufferKind::kArena;
}

BufferId BufferTable::of(ValueId id) {
  const auto it = of_value_.find(id);
  if (it != of_value_.end()) return it->second;
  const Value& value = graph_.value(id);
  PlanBuffer buffer;
  buffer.id = BufferId(static_cast<uint32_t>(buffers_.size()));
  buffer.kind = kind_of(value);
  buffer.name = value.name;
  buffer.value = id;
  buffer.type = value.type;
  buffer.axis_order = layouts_.order_of(id);
  if (value.constant) buffer.constant = *value.constant;
  if (value.type.is_static_tensor())
    buffer.bytes = static_cast<int64_t>(
        bytes_for(value.type.dtype, element_count(*extents_of(*value.type.shape)).value_or(0)));
  of_value_[id] = buffer.id;
  buffers_.push_back(std::move(buffer));
  return buffers_.back().id;
}

BufferTable::Place BufferTable::resolve(BufferId id) const {
  Place place{id, 0};
  while (at(place.root).kind == BufferKind::kAlias) {
    place.offset += at(place.root).alias_offset;
    place.root = at(place.root).alias_of;
  }
  return place;
}

void BufferTable::make_alias(BufferId id, BufferId of, int64_t offset) {
  KASURI_CHECK(resolve(of).root != id, "an alias of itself");
  PlanBuffer& buffer = at(id);
  buffer.kind = BufferKind::kAlias;
  buffer.alias_of = of;
  buffer.alias_offset = offset;
}

void BufferTable::set_lifetimes(const std::vector<PlanStep>& steps) {
  for (PlanBuffer& buffer : buffers_) buffer.first_step = buffer.last_step = -1;
  const auto touch = [&](BufferId id, int step) {
    PlanBuffer& buffer = at(id);
    buffer.last_step = std::max(buffer.last_step, step);
  };
  for (size_t s = 0; s < steps.size(); ++s) {
    for (BufferId id : steps[s].inputs) touch(id, static_cast<int>(s));
    for (BufferId id : steps[s].outputs) {
      if (at(id).first_step < 0) at(id).first_step = static_cast<int>(s);
      touch(id, static_cast<int>(s));
    }
  }
  const int last = static_cast<int>(steps.size()) - 1;
  for (PlanBuffer& buffer : buffers_)
    if (buffer.kind == BufferKind::kOutput || graph_.is_output(buffer.value))
      buffer.last_step = last;
  for (const PlanBuffer& buffer : buffers_) {
    if (buffer.kind != BufferKind::kAlias) continue;
    PlanBuffer& root = at(resolve(buffer.id).root);
    root.last_step = std::max(root.last_step, buffer.last_step);
    if (buffer.first_step >= 0 && (root.first_step < 0 || buffer.first_step < root.first_step) &&
        root.kind != BufferKind::kInput && root.kind != BufferKind::kConstant)
      root.first_step = buffer.first_step;
  }
}

std::vector<PlanBuffer> BufferTable::flatten() && {
  for (PlanBuffer& buffer : buffers_) {
    if (buffer.kind != BufferKind::kAlias) continue;
    const Place place = resolve(buffer.id);
    buffer.alias_of = place.root;
    buffer.alias_offset = place.offset;
  }
  return std::move(buffers_);
}

}  // namespace kasuri
