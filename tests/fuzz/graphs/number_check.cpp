#include "tests/fuzz/graphs/number_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "engine/backend/reference/elements.h"
#include "engine/backend/reference/reference_backend.h"
#include "engine/base/fingerprint.h"
#include "tests/support/value_comparison.h"

namespace kasuri::testing {
namespace {

/// Noise is a sample, rounding may have worse luck.
constexpr double kMargin = 40;

/// Operators whose results are exact: whatever computes them gives the same bits.
const std::set<std::string> kExact = {"Abs",
                                      "And",
                                      "ArgMax",
                                      "ArgMin",
                                      "Cast",
                                      "CastLike",
                                      "Ceil",
                                      "Clip",
                                      "Concat",
                                      "DepthToSpace",
                                      "Dropout",
                                      "Equal",
                                      "Expand",
                                      "Flatten",
                                      "Floor",
                                      "Gather",
                                      "GatherElements",
                                      "GatherND",
                                      "GlobalMaxPool",
                                      "Greater",
                                      "GreaterOrEqual",
                                      "Identity",
                                      "Less",
                                      "LessOrEqual",
                                      "Max",
                                      "MaxPool",
                                      "Min",
                                      "Neg",
                                      "Not",
                                      "Or",
                                      "Pad",
                                      "QuantizeLinear",
                                      "ReduceMax",
                                      "ReduceMin",
                                      "Relu",
                                      "Reshape",
                                      "Round",
                                      "ScatterElements",
                                      "ScatterND",
                                      "Shape",
                                      "Sign",
                                      "Slice",
                                      "SpaceToDepth",
                                      "Split",
                                      "Squeeze",
                                      "ThresholdedRelu",
                                      "Tile",
                                      "TopK",
                                      "Transpose",
                                      "Trilu",
                                      "Unsqueeze",
                                      "Where",
                                      "Xor",
                                      "OneHot",
                                      "DynamicQuantizeLinear",
                                      "Shrink"};

/// An If is as exact as what its branches hold.
bool is_exact(const Node& node) {
  if (!node.is("If")) return node.op.domain.empty() && kExact.contains(node.op.name);
  for (const auto& [name, attribute] : node.attributes) {
    const auto* body = std::get_if<GraphPointer>(&attribute);
    if (!body) continue;
    for (NodeId id : (*body)->topological_order())
      if (!is_exact((*body)->node(id))) return false;
  }
  return true;
}

bool is_noisy(DataType dtype) { return is_float(dtype) && bits_of(dtype) >= 16; }

double rounding_of(DataType dtype) {
  switch (dtype) {
    case DataType::kDouble:
      return 2.3e-16;
    case DataType::kFloat:
      return 1.2e-7;
    case DataType::kFloat16:
      return 1e-3;
    default:
      return 8e-3;
  }
}

Tolerance tolerance_of(DataType dtype) {
  const double unit = rounding_of(dtype);
  return {.relative = 16 * unit, .absolute = 16 * unit};
}

Tensor shaken(const Tensor& tensor, std::mt19937_64& random) {
  std::vector<double> values = reference::elements<double>(tensor);
  const double step = rounding_of(tensor.dtype());
  for (double& v : values) v *= 1 + step * (static_cast<double>(random() >> 11) * 0x1p-52 - 1);
  return Tensor::make(tensor.dtype(), tensor.extents(), [&](std::span<std::byte> out) {
    if (!out.empty()) reference::store_elements<double>(tensor.dtype(), values, out);
  });
}

/// Inputs that are operands; the others say what to do (a power of 2 is no power of 2.0000001).
size_t operands(const Node& node, size_t inputs) {
  const bool first_only = node.is("Pow") || node.is("Resize") || node.is("CumSum");
  return first_only ? std::min<size_t>(1, inputs) : inputs;
}

void shake(std::span<RuntimeValue> values, std::mt19937_64& random) {
  for (RuntimeValue& v : values)
    if (v.is_tensor() && is_noisy(v.tensor().dtype())) v = shaken(v.tensor(), random);
}

/// Runs a graph by the reference kernels with every inexact operator's operands and results moved
/// by up to one rounding.
class NoisyRun {
 public:
  NoisyRun(const Graph& graph, uint64_t seed)
      : graph_(graph), random_(seed), values_(graph.value_capacity()) {}

  Result<std::vector<RuntimeValue>> run(const NamedValues& inputs) {
    for (ValueId id : graph_.value_ids())
      if (graph_.value(id).constant) values_[id.index()] = *graph_.value(id).constant;
    for (ValueId id : graph_.inputs()) values_[id.index()] = inputs.at(graph_.value(id).name);
    for (NodeId id : graph_.topological_order()) KASURI_RETURN_IF_ERROR(step(graph_.node(id)));
    std::vector<RuntimeValue> outputs;
    for (const GraphOutput& out : graph_.outputs()) outputs.push_back(values_[out.value.index()]);
    return outputs;
  }

 private:
  Status step(const Node& node) {
    const bool exact = is_exact(node);
    std::vector<RuntimeValue> inputs;
    for (ValueId in : node.inputs)
      inputs.push_back(in.valid() ? values_[in.index()] : RuntimeValue());
    if (!exact) shake(std::span(inputs).first(operands(node, inputs.size())), random_);
    const auto captured = [&](const std::string& name) -> Result<RuntimeValue> {
      if (const auto id = graph_.find_value(name)) return values_[id->index()];
      return Error("no value " + name);
    };
    KASURI_TRY(std::vector<RuntimeValue> outputs,
               backend_.run(graph_, node, inputs, captured, TaskContext()));
    if (!exact) shake(outputs, random_);
    for (size_t i = 0; i < node.outputs.size(); ++i)
      if (node.outputs[i].valid()) values_[node.outputs[i].index()] = outputs[i];
    return Done{};
  }

  const Graph& graph_;
  std::mt19937_64 random_;
  ReferenceBackend backend_;
  std::vector<RuntimeValue> values_;
};

double largest_change(const RuntimeValue& a, const RuntimeValue& b) {
  if (!a.is_tensor() || !b.is_tensor() || !is_noisy(a.tensor().dtype())) return 0;
  const auto x = reference::elements<double>(a.tensor()),
             y = reference::elements<double>(b.tensor());
  double largest = 0;
  for (size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    const double change = std::fabs(x[i] - y[i]);
    if (std::isfinite(change)) largest = std::max(largest, change);
  }
  return largest;
}

RuntimeValue made_up(const std::string& name, const ValueType& type) {
  const std::vector<int64_t> extents = *extents_of(*type.shape);
  std::mt19937_64 random(fnv1a(name));
  std::vector<double> values(static_cast<size_t>(*element_count(extents)));
  const int64_t low = is_signed_integer(type.dtype) ? -9 : 0;
  for (double& v : values) {
    const auto bits = static_cast<int64_t>(random() >> 40);
    v = is_float(type.dtype)            ? std::ldexp(static_cast<double>(bits), -22) - 2
        : type.dtype == DataType::kBool ? static_cast<double>(bits & 1)
                                        : static_cast<double>(low + bits % (10 - low));
  }
  return Tensor::make(type.dtype, extents, [&](std::span<std::byte> out) {
    if (!out.empty()) reference::store_elements<double>(type.dtype, values, out);
  });
}

}  // namespace

NamedValues inputs_of(const Graph& graph) {
  NamedValues inputs;
  for (ValueId id : graph.inputs()) {
    const Value& value = graph.value(id);
    inputs[value.name] = made_up(value.name, value.type);
  }
  return inputs;
}

Result<Truth> Truth::of(const Graph& graph) {
  Truth truth(graph);
  KASURI_TRY(truth.outputs_, run_model(graph, truth.inputs_, {}));
  return truth;
}

Status Truth::measure_noise() {
  noise_.assign(outputs_.size(), 0);
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    KASURI_TRY(const auto moved, NoisyRun(graph_, seed).run(inputs_));
    for (size_t i = 0; i < noise_.size(); ++i)
      noise_[i] = std::max(noise_[i], largest_change(moved[i], outputs_[i]));
  }
  return Done{};
}

std::optional<std::string> Truth::mismatch(const std::vector<RuntimeValue>& outputs) {
  if (outputs.size() != outputs_.size())
    return fmt::format("{} outputs, not {}", outputs.size(), outputs_.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    const DataType dtype =
        outputs_[i].is_tensor() ? outputs_[i].tensor().dtype() : DataType::kUndefined;
    Tolerance tolerance = tolerance_of(dtype);
    auto why = difference(outputs[i], outputs_[i], tolerance);
    if (why && is_noisy(dtype)) {
      if (noise_.empty())
        if (const Status measured = measure_noise(); !measured.ok()) return measured.error().text();
      tolerance.absolute += kMargin * noise_[i];
      why = difference(outputs[i], outputs_[i], tolerance);
    }
    if (why)
      return fmt::format("output '{}' ({}): {}; rounding moves it by {:.2g}",
                         graph_.outputs()[i].name,
                         graph_.value(graph_.outputs()[i].value).type.text(), *why,
                         noise_.empty() ? 0 : noise_[i]);
  }
  return std::nullopt;
}

}  // namespace kasuri::testing
