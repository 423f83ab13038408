#include "passes/fuse/recognize_gelu.h"

#include <cmath>
#include <map>

#include "engine/rewrite/pattern.h"
#include "passes/fuse/region.h"

namespace kasuri {
namespace {

/// The value the bundle starts from: back from erf or tanh through steps with constants only.
std::optional<ValueId> start_of(const Graph& graph, const Node& node) {
  ValueId value = node.input(0);
  if (node.is("Erf")) {
    const Node* scale = producer_of(graph, value);
    if (!scale || !is_any_of(*scale, {"Div", "Mul"})) return std::nullopt;
    return graph.value(scale->input(0)).is_constant() ? scale->input(1) : scale->input(0);
  }
  const Node* scale = producer_if(graph, value, "Mul");
  if (!scale) return std::nullopt;
  const Node* sum = nullptr;
  for (ValueId in : scale->inputs)
    if (const Node* p = producer_if(graph, in, "Add")) sum = p;
  if (!sum) return std::nullopt;
  const Node* left = producer_of(graph, sum->input(0));
  const bool cube_is_left = left && is_any_of(*left, {"Mul", "Pow"});
  const ValueId other = sum->input(cube_is_left ? 1 : 0);
  return other;
}

std::vector<float> sample_points() {
  std::vector<float> points;
  for (int i = -48; i <= 48; ++i) points.push_back(static_cast<float>(i) / 8);
  return points;
}

/// The bundle's result at the sample points; empty where a step cannot be evaluated.
std::vector<float> evaluate(const Scene& scene, const std::vector<NodeId>& bundle, ValueId start) {
  const std::vector<float> points = sample_points();
  std::map<ValueId, RuntimeValue> values;
  values[start] = Tensor::of<float>({static_cast<int64_t>(points.size())}, points);
  for (NodeId id : bundle) {
    const Node& node = scene.graph.node(id);
    std::vector<RuntimeValue> inputs;
    for (ValueId in : node.inputs) {
      if (!in.valid())
        inputs.emplace_back();
      else if (values.contains(in))
        inputs.push_back(values[in]);
      else if (scene.graph.value(in).constant->count() != 1)
        return {};
      else
        inputs.emplace_back(scene.graph.value(in).constant->reshaped({1}));
    }
    auto result = scene.services.evaluator.evaluate(scene.graph, node, inputs);
    if (!result.ok() || result->empty() || !(*result)[0].is_tensor()) return {};
    values[node.output(0)] = (*result)[0];
  }
  const Tensor& y = values[scene.graph.node(bundle.back()).output(0)].tensor();
  if (y.dtype() != DataType::kFloat || y.count() != static_cast<int64_t>(points.size())) return {};
  return {y.data<float>().begin(), y.data<float>().end()};
}

bool is_gelu(const std::vector<float>& y) {
  constexpr float kTolerance = 2e-3F;  // the two forms differ by up to 5e-4
  const std::vector<float> x = sample_points();
  if (y.size() != x.size()) return false;
  for (size_t i = 0; i < x.size(); ++i)
    if (std::fabs(y[i] - 0.5F * x[i] * (1 + std::erf(x[i] * 0.70710678F))) > kTolerance)
      return false;
  return true;
}

}  // namespace

RecognizeGelu::RecognizeGelu()
    : Rule({.name = "RecognizeGelu",
            .law = "x/2 * (1 + erf(x/sqrt 2)) in one kernel; the tanh form too",
            .fidelity = Fidelity::kReassociates}) {}

Match RecognizeGelu::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& node = graph.node(id);
  if (!is_any_of(node, {"Erf", "Tanh"}) || scene.decisions.group_of(id)) return NotHere{};
  const auto start = start_of(graph, node);
  if (!start || !start->valid()) return NotHere{};
  if (dtype_of(graph, *start) != DataType::kFloat) return Declined{"it is not float32"};
  for (const std::vector<NodeId>& bundle : closed_bundles(scene, *start, id)) {
    if (!is_gelu(evaluate(scene, bundle, *start))) continue;
    Region region(scene);
    for (NodeId member : bundle) region.add(member);
    return region.form("GELU", *this, node);
  }
  return Declined{"the formula is not GELU, or a value inside is read elsewhere"};
}

}  // namespace kasuri
