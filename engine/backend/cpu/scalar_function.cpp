#include "engine/backend/cpu/scalar_function.h"

#include <cmath>
#include <limits>
#include <map>
#include <string_view>

namespace kasuri::cpu {
namespace {

using Unary = double (*)(const Node&, double);
using Binary = double (*)(double, double);

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double softplus(double x) { return x > 30 ? x : std::log1p(std::exp(x)); }
double gelu_erf(double x) { return 0.5 * x * (1 + std::erf(x * M_SQRT1_2)); }
double gelu_tanh(double x) {
  return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}
double hard_swish(double x) { return x * std::fmin(std::fmax(x + 3, 0), 6) / 6; }

const std::map<std::string_view, Unary>& unaries() {
  static const std::map<std::string_view, Unary> table = {
      {"Identity", [](const Node&, double x) { return x; }},
      {"Neg", [](const Node&, double x) { return -x; }},
      {"Abs", [](const Node&, double x) { return std::fabs(x); }},
      {"Sqrt", [](const Node&, double x) { return std::sqrt(x); }},
      {"Exp", [](const Node&, double x) { return std::exp(x); }},
      {"Erf", [](const Node&, double x) { return std::erf(x); }},
      {"Tanh", [](const Node&, double x) { return std::tanh(x); }},
      {"Sigmoid", [](const Node&, double x) { return sigmoid(x); }},
      {"Softplus", [](const Node&, double x) { return softplus(x); }},
      {"Relu", [](const Node&, double x) { return std::fmax(x, 0); }},
      {"Reciprocal", [](const Node&, double x) { return 1 / x; }},
      {"HardSwish", [](const Node&, double x) { return hard_swish(x); }},
      {"Mish", [](const Node&, double x) { return x * std::tanh(softplus(x)); }},
      {"HardSigmoid",
       [](const Node& n, double x) {
         const double y = n.get_float("alpha", 0.2f) * x + n.get_float("beta", 0.5f);
         return std::fmin(std::fmax(y, 0), 1);
       }},
      {"Gelu",
       [](const Node& n, double x) {
         return n.get_string("approximate", "none") == "tanh" ? gelu_tanh(x) : gelu_erf(x);
       }},
      {"Swish", [](const Node& n, double x) { return x * sigmoid(n.get_float("alpha", 1.f) * x); }},
  };
  return table;
}

const std::map<std::string_view, Binary>& binaries() {
  static const std::map<std::string_view, Binary> table = {
      {"Add", [](double a, double b) { return a + b; }},
      {"Sub", [](double a, double b) { return a - b; }},
      {"Mul", [](double a, double b) { return a * b; }},
      {"Div", [](double a, double b) { return a / b; }},
      {"Pow", [](double a, double b) { return std::pow(a, b); }},
      {"Min", [](double a, double b) { return std::fmin(a, b); }},
      {"Max", [](double a, double b) { return std::fmax(a, b); }},
  };
  return table;
}

std::optional<double> one_number(const Graph& graph, ValueId id) {
  if (!id.valid() || !graph.value(id).constant) return std::nullopt;
  const Tensor& t = *graph.value(id).constant;
  if (t.count() != 1) return std::nullopt;
  if (t.dtype() == DataType::kFloat) return t.data<float>()[0];
  if (t.dtype() == DataType::kInt64) return static_cast<double>(t.data<int64_t>()[0]);
  return std::nullopt;
}

bool is_clip(const Node& node) { return node.is("Clip"); }

double clip(const Graph& graph, const Node& node, double x) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double low = node.has("min") ? node.get_float("min", 0)
                                     : one_number(graph, node.input(1)).value_or(-infinity);
  const double high = node.has("max") ? node.get_float("max", 0)
                                      : one_number(graph, node.input(2)).value_or(infinity);
  return std::fmin(std::fmax(x, low), high);
}

const std::vector<double>& sample_points() {
  static const std::vector<double> points = [] {
    std::vector<double> p;
    for (int k = -80; k <= 80; ++k) p.push_back(k * 0.1 + 0.013);
    for (double m = 1e-3; m < 2e4; m *= 2.7) {
      p.push_back(m);
      p.push_back(-m);
    }
    return p;
  }();
  return points;
}

}  // namespace

bool is_scalar_node(const Graph& graph, const Node& node) {
  if (!node.op.domain.empty() || node.outputs.size() != 1) return false;
  if (graph.value(node.outputs[0]).type.dtype != DataType::kFloat) return false;
  if (unaries().contains(node.op.name)) return node.inputs.size() == 1;
  if (is_clip(node)) {
    for (size_t k = 1; k < node.inputs.size(); ++k)
      if (node.inputs[k].valid() && !one_number(graph, node.inputs[k])) return false;
    return true;
  }
  return binaries().contains(node.op.name) && node.inputs.size() == 2;
}

double evaluate_scalar(const Graph& graph, std::span<const NodeId> nodes, ValueId variable,
                       ValueId result, double x) {
  std::map<ValueId, double> known{{variable, x}};
  const auto value = [&](ValueId id) {
    const auto it = known.find(id);
    return it != known.end() ? it->second : one_number(graph, id).value_or(std::nan(""));
  };
  for (NodeId id : nodes) {
    const Node& node = graph.node(id);
    double y;
    if (is_clip(node))
      y = clip(graph, node, value(node.inputs[0]));
    else if (const auto u = unaries().find(node.op.name); u != unaries().end())
      y = u->second(node, value(node.inputs[0]));
    else
      y = binaries().at(node.op.name)(value(node.inputs[0]), value(node.inputs[1]));
    known[node.outputs[0]] = y;
  }
  return value(result);
}

std::optional<PostForm> recognise_activation(const Graph& graph, std::span<const NodeId> nodes,
                                             ValueId variable, ValueId result) {
  struct Known {
    PostForm form;
    double (*function)(double);
  };
  static const std::vector<Known> known = {
      {{.kind = PostKind::kGeluErf}, gelu_erf},
      {{.kind = PostKind::kGeluTanh}, gelu_tanh},
      {{.kind = PostKind::kSwish, .alpha = 1}, [](double x) { return x * sigmoid(x); }},
      {{.kind = PostKind::kSwish, .alpha = 1.702f},
       [](double x) { return x * sigmoid(1.702 * x); }},
      {{.kind = PostKind::kHardSwish}, hard_swish},
      {{.kind = PostKind::kMish}, [](double x) { return x * std::tanh(softplus(x)); }}};
  std::vector<const Known*> left;
  for (const Known& k : known) left.push_back(&k);
  for (double x : sample_points()) {
    const double y = evaluate_scalar(graph, nodes, variable, result, x);
    std::erase_if(left, [&](const Known* k) {
      const double expected = k->function(x);
      return !(std::fabs(y - expected) <= 1e-6 * (1e-3 + std::fabs(expected)));
    });
    if (left.empty()) return std::nullopt;
  }
  return left.front()->form;
}

}  // namespace kasuri::cpu
