#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/graph.h"

namespace kasuri::profiling {

/// The part of a model between two exits, as a graph of its own. Its first output is the class
/// scores of its exit; the others are what later parts read.
struct ExitSegment {
  Graph graph;
  std::string head;                  ///< The value with the class scores.
  std::vector<std::string> enters;   ///< Names of the inputs: of the model or of earlier parts.
  std::vector<std::string> leaves;   ///< Names of the outputs, `head` first.
  bool gives_probabilities = false;  ///< The head ends in Softmax.
};

/// Which values answer, earliest first, the last being the full model's. `names` empty: every
/// output of the last one's type ([batch, classes]) whose makers are also makers of the next.
/// Otherwise outputs or values by name, in any order, `final_name` (or the last output) added.
/// Errors: a name that is not there, a value that is not [batch, classes >= 2] of floats, exits
/// that do not lie on one way through the model, none at all.
Result<std::vector<ValueId>> find_exits(const Graph& graph, const std::vector<std::string>& names,
                                        const std::string& final_name);

/// The full model's class scores: an output or value by name, or the output most of the graph works
/// for. Errors: there is none of floats [batch, classes >= 2].
Result<ValueId> final_scores(const Graph& graph, const std::string& name);

/// The nodes exit k needs beyond the exits before it, by exit. Errors: an exit without any work
/// since the one before.
Result<std::vector<std::set<NodeId>>> exit_parts(const Graph& graph,
                                                 const std::vector<ValueId>& exits);

/// Cuts where the exits answer: part k holds what exit k needs beyond exits before it. Together
/// the parts compute exactly what the graph does; nodes no exit needs are left out. Errors: the
/// batch is not the first axis of a value that crosses a cut.
Result<std::vector<ExitSegment>> cut_at_exits(const Graph& graph,
                                              const std::vector<ValueId>& exits);

/// What one value needs, as a graph with that output alone: the full model to compare with.
Result<Graph> graph_of(const Graph& graph, ValueId output);

}  // namespace kasuri::profiling
