#include "profiling/dynamic/exit_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/ir/shape_inference.h"
#include "engine/onnx/exporter.h"
#include "profiling/environment.h"

namespace kasuri::profiling {
namespace {

constexpr int kLeastOpset = 13;
constexpr int kReduceAxesAreInputs = 18;  // of all reductions but ReduceSum

/// One level of the nest: the graph of a branch (or the outermost one) while it is built.
class Level {
 public:
  Level(const Graph& source, const std::string& last, const std::set<std::string>& outside,
        std::string prefix)
      : source_(source),
        last_(last),
        outside_(outside),
        builder_(source.name()),
        prefix_(std::move(prefix)) {
    for (const auto& [domain, version] : source.opsets()) builder_.opset(domain, version);
  }

  GraphBuilder& builder() { return builder_; }
  bool is_outermost() const { return outside_.empty(); }

  /// The value of the source graph at this level, brought in where it is not there yet.
  ValueId bring(ValueId id) {
    if (!id.valid()) return id;
    const Value& value = source_.value(id);
    const auto found = here_.find(value.name);
    if (found != here_.end()) return found->second;
    ValueId made;
    if (outside_.contains(value.name))
      made = builder_.capture(value.name, value.type);
    else if (value.is_constant())
      made = builder_.constant(value.name, *value.constant);
    else
      made = builder_.declare(inner_name(value.name), value.type);
    return here_[value.name] = made;
  }
  void input(ValueId id) {
    here_[source_.value(id).name] = builder_.input(source_.value(id).name, source_.value(id).type);
  }
  void copy(NodeId id) {
    Node node = source_.node(id);
    for (ValueId captured : captured_values(source_, node)) bring(captured);
    for (ValueId& input : node.inputs) input = bring(input);
    for (ValueId& output : node.outputs) output = bring(output);
    builder_.add(std::move(node));
  }
  /// A node of the gate with one output.
  ValueId add(const char* op, const char* name, std::vector<ValueId> inputs,
              std::map<std::string, Attribute> attributes = {}, int outputs = 1) {
    return builder_.add({"", op}, prefix_ + name, std::move(inputs), outputs,
                        std::move(attributes))[0];
  }
  ValueId constant(const char* name, Tensor tensor) {
    return builder_.constant(prefix_ + name, std::move(tensor));
  }
  ValueId reduce(const char* op, const char* name, ValueId value, int64_t axis) {
    const bool as_input =
        source_.opset() >= kReduceAxesAreInputs || std::string_view(op) == "ReduceSum";
    std::map<std::string, Attribute> attributes{{"keepdims", int64_t{0}}};
    if (!as_input) attributes["axes"] = std::vector<int64_t>{axis};
    std::vector<ValueId> inputs{value};
    if (as_input)
      inputs.push_back(
          constant((std::string(name) + "/axis").c_str(), Tensor::of<int64_t>({1}, {axis})));
    return add(op, name, std::move(inputs), std::move(attributes));
  }
  std::set<std::string> names() const {
    std::set<std::string> all = outside_;
    for (const auto& [name, id] : here_) all.insert(name);
    return all;
  }

 private:
  /// The outermost graph's output keeps the name of the model's; inside it steps aside.
  std::string inner_name(const std::string& name) const {
    return name == last_ && !is_outermost() ? name + "/inside" : name;
  }

  const Graph& source_;
  const std::string last_;  ///< Name of the full model's scores.
  const std::set<std::string> outside_;
  GraphBuilder builder_;
  std::string prefix_;
  std::map<std::string, ValueId> here_;
};

/// The graph of one exit after the other, innermost last.
class Nest {
 public:
  Nest(const Graph& source, const std::vector<ValueId>& exits, const ExitPolicy& policy,
       std::vector<std::set<NodeId>> parts)
      : source_(source), exits_(exits), policy_(policy), parts_(std::move(parts)) {}

  Result<Graph> level(size_t first, const std::set<std::string>& outside) const {
    Level level(source_, source_.value(exits_.back()).name, outside,
                fmt::format("early_exit/{}/", first));
    if (level.is_outermost())
      for (ValueId id : source_.inputs()) level.input(id);
    size_t k = first;
    while (k + 1 < exits_.size() && policy_.thresholds[k] <= kNeverLeave) ++k;
    for (NodeId id : source_.topological_order())
      for (size_t part = first; part <= k; ++part)
        if (parts_[part].contains(id)) level.copy(id);
    ValueId scores = level.bring(exits_[k]), exit;
    if (k + 1 == exits_.size()) {
      exit = level.add("Identity", "index", {level.constant("number", number(k))});
      // An output must be a value of its own level under a name of its own.
      scores = level.add("Identity", "scores", {scores});
    } else {
      KASURI_TRY(const auto made, choose(level, k));
      scores = made[0];
      exit = made[1];
    }
    const Value& last = source_.value(exits_.back());
    level.builder().set_type(scores, last.type);
    level.builder().set_type(exit, ValueType::tensor(DataType::kInt64, Shape{Dim(1)}));
    const bool outermost = level.is_outermost();
    level.builder().output(outermost ? output_name() : level.builder().peek().value(scores).name,
                           scores);
    level.builder().output(outermost ? "exit" : level.builder().peek().value(exit).name, exit);
    return level.builder().take();
  }

 private:
  static Tensor number(size_t k) { return Tensor::of<int64_t>({1}, {static_cast<int64_t>(k)}); }

  std::string output_name() const {
    for (const GraphOutput& output : source_.outputs())
      if (output.value == exits_.back()) return output.name;
    return source_.value(exits_.back()).name;
  }

  /// The If that stands for everything behind exit k.
  Result<std::vector<ValueId>> choose(Level& level, size_t k) const {
    const ValueId sure = gate(level, k);
    const std::set<std::string> names = level.names();
    KASURI_TRY(Graph stay, this->level(k + 1, names));
    Level leaving(source_, source_.value(exits_.back()).name, names,
                  fmt::format("early_exit/leave_{}/", k));
    const ValueId scores = leaving.add("Identity", "scores", {leaving.bring(exits_[k])});
    const ValueId exit = leaving.add("Identity", "index", {leaving.constant("number", number(k))});
    leaving.builder().set_type(scores, source_.value(exits_[k]).type);
    leaving.builder().set_type(exit, ValueType::tensor(DataType::kInt64, Shape{Dim(1)}));
    leaving.builder().output(leaving.builder().peek().value(scores).name, scores);
    leaving.builder().output(leaving.builder().peek().value(exit).name, exit);
    KASURI_TRY(Graph leave, leaving.builder().take());
    return level.builder().add(
        {"", "If"}, fmt::format("early_exit/choice_{}", k), {sure}, 2,
        {{"then_branch", GraphPointer(std::make_shared<const Graph>(std::move(leave)))},
         {"else_branch", GraphPointer(std::make_shared<const Graph>(std::move(stay)))}});
  }

  ValueId log_probabilities(Level& level, size_t k, const char* name) const {
    ValueId scores = level.bring(exits_[k]);
    const NodeId maker = source_.value(exits_[k]).producer;
    const std::string least = std::string(name) + "/least";
    if (source_.node(maker).is("Softmax")) {
      const ValueId floor = level.constant(least.c_str(), Tensor::scalar(1e-38F));
      scores =
          level.add("Log", (std::string(name) + "/log").c_str(),
                    {level.add("Max", (std::string(name) + "/floor").c_str(), {scores, floor})});
    }
    return level.add("LogSoftmax", name, {scores}, {{"axis", int64_t{1}}});
  }

  /// True when every sample is sure at exit k; never for NaN.
  ValueId gate(Level& level, size_t k) const {
    const double t = policy_.thresholds[k];
    const ValueId logs = log_probabilities(level, k, "logs");
    const ValueId p = level.add("Exp", "probabilities", {logs});
    ValueId value;
    bool high = false;
    if (policy_.gate == ExitGate::kEntropy) {
      value =
          level.add("Neg", "entropy",
                    {level.reduce("ReduceSum", "sum", level.add("Mul", "terms", {p, logs}), 1)});
    } else if (policy_.gate == ExitGate::kMaxProbability) {
      value = level.reduce("ReduceMax", "largest", p, 1);
      high = true;
    } else if (policy_.gate == ExitGate::kMargin) {
      value = margin(level, p);
      high = true;
    } else {
      value = change(level, k, p);
    }
    value = level.reduce(high ? "ReduceMin" : "ReduceMax", "least_sure", value, 0);
    const auto limit = static_cast<float>(high ? 1 - t : t);
    return level.add(high ? "GreaterOrEqual" : "LessOrEqual", "sure",
                     {value, level.constant("threshold", Tensor::scalar(limit))});
  }

  static ValueId margin(Level& level, ValueId p) {
    const ValueId two =
        level.add("TopK", "two", {p, level.constant("count", Tensor::of<int64_t>({1}, {2}))},
                  {{"axis", int64_t{1}}}, 2);
    const auto column = [&](const char* name, int64_t i) {
      const std::string index = std::string(name) + "/number";
      return level.add("Gather", name, {two, level.constant(index.c_str(), Tensor::scalar(i))},
                       {{"axis", int64_t{1}}});
    };
    return level.add("Sub", "margin", {column("first", 0), column("second", 1)});
  }

  ValueId change(Level& level, size_t k, ValueId p) const {
    if (k == 0)  // the most there is
      return level.reduce("ReduceSum", "whole", p, 1);
    const ValueId before =
        level.add("Exp", "before", {log_probabilities(level, k - 1, "before_logs")});
    const ValueId away = level.add("Abs", "away", {level.add("Sub", "difference", {p, before})});
    return level.add(
        "Mul", "change",
        {level.reduce("ReduceSum", "sum", away, 1), level.constant("half", Tensor::scalar(0.5F))});
  }

  const Graph& source_;
  const std::vector<ValueId>& exits_;
  const ExitPolicy& policy_;
  std::vector<std::set<NodeId>> parts_;
};

}  // namespace

Result<Graph> nested_exits(const Graph& graph, const std::vector<ValueId>& exits,
                           const ExitPolicy& policy) {
  if (graph.opset() < kLeastOpset)
    return Error(
        fmt::format("the model follows opset {}; a file with early exits needs {} or "
                    "later: 'kasuri optimize MODEL --passes none --opset {} -o NEW.onnx' "
                    "converts it",
                    graph.opset(), kLeastOpset, kLeastOpset));
  KASURI_CHECK(policy.thresholds.size() + 1 == exits.size(), "a threshold per exit");
  KASURI_TRY(auto parts, exit_parts(graph, exits));
  const Nest nest(graph, exits, policy, std::move(parts));
  return nest.level(0, {});
}

Status export_exits(const std::string& path, const ExitNetwork& network, const ExitPolicy& policy,
                    const std::map<std::string, std::string>& facts, const TaskContext& context) {
  const int64_t fixed = network.fixed_batch();
  KASURI_TRY(const Graph graph, network.graph(fixed > 0 ? fixed : 1));
  KASURI_TRY(const std::vector<ValueId> exits, network.exits(graph));
  KASURI_TRY(const Graph nested, nested_exits(graph, exits, policy));
  ExportOptions options;
  options.producer_version = read_environment().version;
  options.ir_version = network.imported().ir_version;
  options.input_types = network.imported().declared_inputs;
  for (const auto& [key, value] : graph.metadata()) options.metadata[key] = value;
  for (const auto& [key, value] : facts) options.metadata["kasuri.early_exit." + key] = value;
  options.metadata["kasuri.early_exit.gate"] = name_of(policy.gate);
  options.metadata["kasuri.early_exit.thresholds"] =
      fmt::format("{:.9g}", fmt::join(policy.thresholds, ","));
  std::vector<std::string> names;
  for (ValueId id : exits) names.push_back(graph.value(id).name);
  options.metadata["kasuri.early_exit.exits"] = fmt::format("{}", fmt::join(names, ","));
  return write_model(path, nested, options, context);
}

}  // namespace kasuri::profiling
