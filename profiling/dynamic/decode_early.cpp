#include "profiling/dynamic/decode_early.h"

#include <fmt/format.h>

#include <optional>
#include <set>

#include "engine/ir/graph_patch.h"
#include "engine/ir/subgraph.h"

namespace kasuri::profiling {
namespace {

/// Of the scores' makers, the last value of the type of `from` that is an Add's or an output: the
/// residual stream behind the last block.
std::optional<ValueId> last_of_kind(const Graph& graph, ValueId from, ValueId scores) {
  const std::set<NodeId> makers = makers_of(graph, {scores});
  std::optional<ValueId> last;
  for (NodeId id : graph.topological_order()) {
    const Node& node = graph.node(id);
    if (!makers.contains(id) || !node.is(graph.node(graph.value(from).producer).op.name)) continue;
    for (ValueId value : node.outputs)
      if (value.valid() && value != from && graph.value(value).type == graph.value(from).type)
        last = value;
  }
  return last;
}

Result<Graph> cut_early(const Graph& graph, const std::string& name) {
  const auto from = graph.find_value(name);
  if (!from || !graph.value(*from).producer.valid())
    return Error(fmt::format("no node makes a value '{}' to draft from", name));
  std::optional<ValueId> scores;
  for (const GraphOutput& output : graph.outputs())
    if (output.name == "logits") scores = output.value;
  if (!scores) return Error("no output 'logits' whose head could be attached");
  const auto last = last_of_kind(graph, *from, *scores);
  if (!last)
    return Error(fmt::format("no later value like '{}' is read by the model's head", name));
  Graph changed = graph;
  GraphPatch patch(changed, "draft from '" + name + "'");
  patch.replace_value(*last, *from);
  KASURI_TRY([[maybe_unused]] const GraphPatch undo, patch.apply(changed));
  std::vector<ValueId> wanted = {*scores};
  const std::set<NodeId> needed = makers_of(changed, wanted);
  for (const GraphOutput& output : changed.outputs()) {
    const NodeId maker = changed.value(output.value).producer;
    if (output.value != *scores && needed.contains(maker) && output.name.rfind("hidden", 0) != 0)
      wanted.push_back(output.value);
  }
  KASURI_TRY(Graph part, cut_graph(changed, makers_of(changed, wanted), wanted));
  return part;
}

}  // namespace

DecodeSource early_layers(const std::string& path, const std::string& from) {
  return {path, [from](Graph graph) { return cut_early(graph, from); }};
}

}  // namespace kasuri::profiling
