#include "engine/plan/aliasing.h"

#include <algorithm>
#include <set>

#include "engine/plan/copy_kernel.h"
#include "engine/plan/memory_planner.h"

namespace kasuri {
namespace {

bool is_copy(const DraftStep& draft) { return draft.step.kind == StepKind::kCopy; }

/// Can `value` itself (not a part of another buffer) be told where to lie?
bool is_free(const BufferTable& buffers, BufferId id) {
  return buffers.at(id).kind == BufferKind::kArena;
}

/// One output that is one run of one input?
bool alias_output(const CopyPiece& piece, DraftStep& draft, BufferTable& buffers) {
  const BufferId from = draft.step.inputs[piece.input], to = draft.step.outputs[piece.output];
  if (is_free(buffers, to)) {
    buffers.make_alias(to, from, piece.from);
    return true;
  }
  const bool whole = piece.from == 0 && piece.to == 0 && buffers.at(from).bytes == piece.bytes;
  if (whole && buffers.at(to).kind == BufferKind::kOutput && is_free(buffers, from)) {
    buffers.make_alias(from, to, 0);
    return true;
  }
  return false;
}

void drop_finished(std::vector<DraftStep>& steps) {
  std::erase_if(steps, [](const DraftStep& d) { return is_copy(d) && d.pieces.empty(); });
}

void refresh_kernel(DraftStep& draft) { draft.step.kernel = make_copy_kernel(draft.pieces); }

}  // namespace

void alias_views(std::vector<DraftStep>& steps, BufferTable& buffers) {
  for (DraftStep& draft : steps) {
    if (!is_copy(draft)) continue;
    const std::vector<CopyPiece> pieces = draft.pieces;
    std::vector<int> writers(draft.step.outputs.size(), 0);
    for (const CopyPiece& piece : pieces) ++writers[piece.output];
    std::erase_if(draft.pieces, [&](const CopyPiece& piece) {
      return writers[piece.output] == 1 && alias_output(piece, draft, buffers);
    });
    if (draft.pieces.size() != pieces.size()) refresh_kernel(draft);
  }
  drop_finished(steps);
}

void alias_concats(std::vector<DraftStep>& steps, BufferTable& buffers) {
  for (DraftStep& draft : steps) {
    if (!is_copy(draft) || draft.step.outputs.size() != 1 || draft.pieces.size() < 2) continue;
    const BufferId joined = draft.step.outputs[0];
    const BufferKind kind = buffers.at(buffers.resolve(joined).root).kind;
    if (kind != BufferKind::kArena && kind != BufferKind::kOutput) continue;
    std::set<BufferId> seen;
    const size_t before = draft.pieces.size();
    std::erase_if(draft.pieces, [&](const CopyPiece& piece) {
      const BufferId from = draft.step.inputs[piece.input];
      const bool first = seen.insert(from).second;
      if (!first || !is_free(buffers, from) || piece.to % kArenaAlignment != 0 ||
          buffers.resolve(joined).root == from)
        return false;
      buffers.make_alias(from, joined, piece.to);
      return true;
    });
    if (draft.pieces.size() != before) refresh_kernel(draft);
  }
  drop_finished(steps);
}

namespace {

/// The (input, output) buffer pair of a step that `decisions` lets share memory, by position.
struct Pair {
  int input, output;
};

std::vector<Pair> allowed_pairs(const Graph& graph, const PlanDecisions& decisions,
                                const PlanStep& step, const BufferTable& buffers) {
  std::vector<Pair> pairs;
  for (NodeId id : step.nodes) {
    const Node& node = graph.node(id);
    for (size_t i = 0; i < node.inputs.size(); ++i)
      for (size_t o = 0; o < node.outputs.size(); ++o) {
        if (!node.inputs[i].valid() || !node.outputs[o].valid() ||
            !decisions.may_overwrite(id, static_cast<int>(i), static_cast<int>(o)))
          continue;
        Pair pair{-1, -1};
        for (size_t k = 0; k < step.inputs.size(); ++k)
          if (buffers.at(step.inputs[k]).value == node.inputs[i]) pair.input = static_cast<int>(k);
        for (size_t k = 0; k < step.outputs.size(); ++k)
          if (buffers.at(step.outputs[k]).value == node.outputs[o])
            pair.output = static_cast<int>(k);
        if (pair.output < 0 && step.outputs.size() == 1) pair.output = 0;  // inside a group
        if (pair.input >= 0 && pair.output >= 0) pairs.push_back(pair);
      }
  }
  return pairs;
}

bool reads_it_elsewhere(const PlanStep& step, int input, BufferId root,
                        const BufferTable& buffers) {
  for (size_t k = 0; k < step.inputs.size(); ++k)
    if (static_cast<int>(k) != input && buffers.resolve(step.inputs[k]).root == root) return true;
  return false;
}

}  // namespace

void alias_states(const std::vector<std::string>& inputs, std::vector<DraftStep>& steps,
                  BufferTable& buffers) {
  if (inputs.empty()) return;
  std::vector<PlanStep> plain;
  for (const DraftStep& draft : steps) plain.push_back(draft.step);
  buffers.set_lifetimes(plain);
  for (size_t s = 0; s < plain.size(); ++s) {
    const PlanStep& step = plain[s];
    if (step.kind != StepKind::kKernel) continue;
    for (size_t i = 0; i < step.inputs.size(); ++i)
      for (size_t o = 0; o < step.outputs.size(); ++o) {
        const PlanBuffer& in = buffers.at(step.inputs[i]);
        const PlanBuffer& out = buffers.at(step.outputs[o]);
        const bool is_state = in.kind == BufferKind::kInput && out.kind == BufferKind::kArena &&
                              std::find(inputs.begin(), inputs.end(), in.name) != inputs.end();
        if (!is_state || in.last_step != static_cast<int>(s) || in.bytes != out.bytes ||
            in.axis_order != out.axis_order ||
            reads_it_elsewhere(step, static_cast<int>(i), in.id, buffers) ||
            !step.kernel->may_overwrite(static_cast<int>(i), static_cast<int>(o)))
          continue;
        buffers.make_alias(out.id, in.id, 0);
      }
  }
}

void alias_in_place(const Graph& graph, const PlanDecisions& decisions,
                    std::vector<DraftStep>& steps, BufferTable& buffers) {
  std::vector<PlanStep> plain;
  for (const DraftStep& draft : steps) plain.push_back(draft.step);
  buffers.set_lifetimes(plain);
  for (size_t s = 0; s < steps.size(); ++s) {
    const PlanStep& step = steps[s].step;
    if (step.kind != StepKind::kKernel) continue;
    for (const Pair& pair : allowed_pairs(graph, decisions, step, buffers)) {
      const PlanBuffer& out = buffers.at(step.outputs[pair.output]);
      const PlanBuffer& in = buffers.at(step.inputs[pair.input]);
      const auto place = buffers.resolve(in.id);
      PlanBuffer& root = buffers.at(place.root);
      if (out.kind != BufferKind::kArena || root.kind != BufferKind::kArena) continue;
      if (root.last_step != static_cast<int>(s) || in.bytes != out.bytes || out.id == root.id)
        continue;
      if (reads_it_elsewhere(step, pair.input, root.id, buffers)) continue;
      if (!step.kernel->may_overwrite(pair.input, pair.output)) continue;
      const int last = out.last_step;
      buffers.make_alias(out.id, in.id, 0);
      root.last_step = std::max(root.last_step, last);
      break;
    }
  }
}

}  // namespace kasuri
