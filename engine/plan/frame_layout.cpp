#include "engine/plan/frame_layout.h"

#include "engine/plan/memory_planner.h"

namespace kasuri {

FrameLayout frame_layout(const PlanEntry& entry) {
  FrameLayout layout;
  layout.offsets.assign(entry.buffers.size(), -1);
  layout.bytes = aligned_bytes(entry.memory.arena_bytes);
  const auto add = [&](const PlanBuffer& buffer) {
    layout.offsets[buffer.id.index()] = layout.bytes;
    layout.bytes += aligned_bytes(buffer.bytes);
  };
  for (const PlanBuffer& buffer : entry.buffers)
    if (buffer.kind == BufferKind::kOutput) add(buffer);
  for (BufferId id : entry.inputs)
    if (entry.buffers[id.index()].kind == BufferKind::kInput) add(entry.buffers[id.index()]);
  return layout;
}

}  // namespace kasuri
