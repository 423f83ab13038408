#include "passes/fuse/recognize_softmax.h"

#include "engine/rewrite/pattern.h"
#include "passes/fuse/region.h"

namespace kasuri {
namespace {

constexpr int kMostSteps = 4;

/// The step that prepares the value, if it does nothing else for anyone.
const Node* preparing_step(const Scene& scene, ValueId value) {
  const Graph& graph = scene.graph;
  const Node* step = producer_of(graph, value);
  if (!step || !only_reader(graph, value) || scene.decisions.group_of(step->id)) return nullptr;
  return is_any_of(*step, {"Mul", "Div", "Add", "Sub", "Where", "Max", "Cast"}) ? step : nullptr;
}

/// The operand that carries the scores: the one of the result's type.
ValueId scores_of(const Graph& graph, const Node& step) {
  for (size_t i = step.is("Where") ? 1 : 0; i < step.inputs.size(); ++i)
    if (same_type(graph, step.input(i), step.output(0)) &&
        !graph.value(step.input(i)).is_constant())
      return step.input(i);
  return ValueId::none();
}

/// where(isnan(y), c, y) right behind y.
void add_guard(const Scene& scene, const Node& softmax, Region& region) {
  const Graph& graph = scene.graph;
  const auto& readers = graph.value(softmax.output(0)).consumers;
  if (readers.size() != 2 || graph.is_output(softmax.output(0))) return;
  const Node *isnan = &graph.node(readers[0]), *where = &graph.node(readers[1]);
  if (!isnan->is("IsNaN")) std::swap(isnan, where);
  if (!isnan->is("IsNaN") || !where->is("Where")) return;
  if (only_reader(graph, isnan->output(0)) != where || where->input(0) != isnan->output(0)) return;
  if (where->input(2) != softmax.output(0) || !scalar_of(graph, where->input(1))) return;
  if (scene.decisions.group_of(isnan->id) || scene.decisions.group_of(where->id)) return;
  region.add(isnan->id);
  region.add(where->id);
}

}  // namespace

RecognizeSoftmax::RecognizeSoftmax()
    : Rule({.name = "RecognizeSoftmax",
            .law = "softmax(s * x + mask) in one kernel",
            .fidelity = Fidelity::kReassociates}) {}

Match RecognizeSoftmax::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& softmax = graph.node(id);
  if (!softmax.is("Softmax") || scene.decisions.group_of(id)) return NotHere{};
  Region region(scene);
  region.add(id);
  ValueId scores = softmax.input(0);
  bool scaled = false, masked = false;
  for (int i = 0; i < kMostSteps; ++i) {
    const Node* step = preparing_step(scene, scores);
    if (!step || !same_type(graph, step->output(0), softmax.input(0))) break;
    const ValueId next = scores_of(graph, *step);
    if (!next.valid()) break;
    region.add(step->id);
    (is_any_of(*step, {"Mul", "Div"}) ? scaled : masked) = true;
    scores = next;
  }
  add_guard(scene, softmax, region);
  if (region.size() == 1) return NotHere{};
  const std::string kind =
      std::string(scaled ? "scale + " : "") + (masked ? "mask + " : "") + "Softmax";
  return region.form(kind, *this, softmax);
}

}  // namespace kasuri
