#pragma once

#include <string>
#include <vector>

#include "engine/plan/buffer_table.h"

namespace kasuri {

/// A step with the runs of bytes it moves (kCopy), before it becomes final.
struct DraftStep {
  PlanStep step;
  std::vector<CopyPiece> pieces;
};

/// Views: a copy of a contiguous run shares the bytes of what it reads; a graph output gives its
/// memory to the value it copies. Steps left without anything to do are removed.
void alias_views(std::vector<DraftStep>& steps, BufferTable& buffers);

/// Concat in place: values joined by a copy are written where they will lie. Pieces that cannot
/// (inputs, constants, values already placed elsewhere) stay as copies.
void alias_concats(std::vector<DraftStep>& steps, BufferTable& buffers);

/// In place: an output takes the memory of an input that dies in the same step, where the decision
/// allows it and the kernel can.
void alias_in_place(const Graph& graph, const PlanDecisions& decisions,
                    std::vector<DraftStep>& steps, BufferTable& buffers);

/// State kept in place: where a kernel can write its output over an input of the plan that is named
/// here and that no later step reads, it does.
void alias_states(const std::vector<std::string>& inputs, std::vector<DraftStep>& steps,
                  BufferTable& buffers);

}  // namespace kasuri
