#include <algorithm>
#include <optional>

#include "engine/loops/access.h"
#include "engine/loops/compose.h"
#include "engine/loops/simplify.h"
#include "engine/loops/tidy.h"

namespace kasuri::loops {
namespace {

/// Work that is cheaper to repeat than to store and load: about four additions per element.
constexpr double kCheap = 4;
/// Up to here an element counts as read once (a pad's border, a window's overlap).
constexpr double kOnce = 1.5;
/// From here the buffer is small against what reads it.
constexpr double kBroadcast = 8;

bool reads_only_inputs(const Nest& nest, int buffer) {
  bool only = true;
  for (const Stage& stage : nest.stages) {
    if (stage.out != buffer) continue;
    for_each_load(stage, [&](int b, const std::vector<Index>&) {
      only = only && nest.buffers[b].role == BufferRole::kInput;
    });
  }
  return only;
}

bool feeds_contraction(const Nest& nest, int buffer) {
  return std::any_of(nest.stages.begin(), nest.stages.end(), [&](const Stage& stage) {
    if (stage.kind != StageKind::kContraction) return false;
    Stage operands;
    operands.a = stage.a;
    operands.b = stage.b;
    bool found = false;
    for_each_load(operands, [&](int b, const std::vector<Index>&) { found |= b == buffer; });
    return found;
  });
}

bool only_moves(const Nest& nest, int buffer) {
  return std::all_of(nest.stages.begin(), nest.stages.end(), [&](const Stage& stage) {
    return stage.out != buffer || stage.body->kind == ScalarKind::kLoad ||
           stage.body->kind == ScalarKind::kConstant;
  });
}

/// The profitability test of LOOPS.md: recomputing against one store and the loads.
bool pays(const Nest& nest, int buffer) {
  const auto cost = inline_cost(nest, buffer);
  if (!cost.ok()) return false;
  if (feeds_contraction(nest, buffer))
    return only_moves(nest, buffer) && cost->operations <= 0 && cost->index_operations <= 0;
  if (cost->reads_per_element <= kOnce) return true;
  if (cost->index_operations > 0) return cost->operations <= 0 && cost->reads_per_element <= 2;
  if (cost->operations <= 0) return true;
  if (cost->reads_per_element * cost->operations <= kCheap) return true;
  return cost->reads_per_element >= kBroadcast && cost->operations <= kCheap &&
         reads_only_inputs(nest, buffer);
}

std::optional<int> next_inline(const Nest& nest) {
  for (const Stage& stage : nest.stages)
    if (nest.buffers[stage.out].role == BufferRole::kLocal && pays(nest, stage.out))
      return stage.out;
  return std::nullopt;
}

bool absorb_one(Nest& nest) {
  for (const Stage& stage : nest.stages) {
    if (stage.kind != StageKind::kContraction) continue;
    if (nest.buffers[stage.out].role != BufferRole::kLocal) continue;
    if (auto absorbed = absorb_epilogue(nest, stage.out); absorbed.ok()) {
      nest = std::move(*absorbed);
      return true;
    }
  }
  return false;
}

}  // namespace

Nest fuse(const Nest& given) {
  Nest nest = given;
  tidy(nest);
  for (size_t bound = nest.buffers.size(); bound > 0; --bound) {
    const auto buffer = next_inline(nest);
    if (!buffer) break;
    nest = std::move(*inline_buffer(nest, *buffer));
  }
  for (size_t bound = nest.stages.size(); bound > 0 && absorb_one(nest); --bound) {
  }
  tidy(nest);
  return simplify(stitch(nest));
}

}  // namespace kasuri::loops
