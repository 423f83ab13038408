#include "profiling/dynamic/decode_lengths.h"

#include <algorithm>
#include <map>

#include "profiling/runtimes/backends.h"

namespace kasuri::profiling {
namespace {

/// Operators whose operands from the second on say shapes and places, not data.
constexpr const char* kShapeReaders[] = {"Reshape", "Expand",    "Slice", "Tile",  "Split",
                                         "Squeeze", "Unsqueeze", "Pad",   "Resize"};

bool reads_as_shape(const Node& node, ValueId value) {
  if (node.is("ConstantOfShape") || node.is("Range")) return true;
  const bool reader = std::any_of(std::begin(kShapeReaders), std::end(kShapeReaders),
                                  [&](const char* name) { return node.is(name); });
  return reader && node.input(0) != value;
}

bool makes_up_values(const Node& node) {
  return node.inputs.empty() || node.op.name.rfind("Random", 0) == 0 || node.is("Bernoulli") ||
         node.is("Multinomial");
}

}  // namespace

LengthProgram LengthProgram::find(std::shared_ptr<const Graph> graph, const Graph& one_less,
                                  int64_t past) {
  LengthProgram found;
  found.graph_ = std::move(graph);
  found.past_ = past;
  const Graph& g = *found.graph_;
  found.growth_.resize(g.value_capacity());
  for (ValueId id : g.value_ids()) {
    if (!one_less.contains(id)) continue;
    const ValueType &now = g.value(id).type, &before = one_less.value(id).type;
    if (!now.is_static_tensor() || !before.is_static_tensor()) continue;
    const auto a = *extents_of(*now.shape), b = *extents_of(*before.shape);
    if (a.size() != b.size()) continue;
    for (size_t k = 0; k < a.size(); ++k) found.growth_[id.index()].push_back(a[k] - b[k]);
  }
  found.find_nodes();
  found.find_leaving();
  return found;
}

bool LengthProgram::is_settled(const Node& node, bool& dependent) const {
  if (makes_up_values(node) || !captured_values(*graph_, node).empty()) return false;
  if (node.is("Shape") || node.is("Size")) {
    const Value& of = graph_->value(node.inputs[0]);
    if (!of.type.is_static_tensor() || !node.is("Shape")) return false;
    const std::vector<int64_t>& growth = growth_[of.id.index()];
    dependent = std::any_of(growth.begin(), growth.end(), [](int64_t g) { return g != 0; });
    return true;
  }
  for (ValueId id : node.inputs) {
    if (!id.valid() || graph_->value(id).is_constant()) continue;
    const NodeId maker = graph_->value(id).producer;
    if (dependent_.contains(maker))
      dependent = true;
    else if (!pure_.contains(maker))
      return false;
  }
  return true;
}

void LengthProgram::find_nodes() {
  for (NodeId id : graph_->topological_order()) {
    bool dependent = false;
    if (!is_settled(graph_->node(id), dependent)) continue;
    (dependent ? dependent_ : pure_).insert(id);
  }
  std::set<NodeId> needed = dependent_;
  const std::vector<NodeId> order = graph_->topological_order();
  for (auto it = order.rbegin(); it != order.rend(); ++it) {
    if (!needed.contains(*it)) continue;
    for (ValueId id : graph_->node(*it).inputs)
      if (id.valid() && pure_.contains(graph_->value(id).producer))
        needed.insert(graph_->value(id).producer);
  }
  for (NodeId id : order)
    if (needed.contains(id)) program_.push_back(id);
}

void LengthProgram::find_leaving() {
  for (NodeId id : program_) {
    if (!dependent_.contains(id)) continue;
    for (ValueId value : graph_->node(id).outputs) {
      if (!value.valid()) continue;
      bool as_shape = false, as_data = graph_->is_output(value);
      for (NodeId reader : graph_->value(value).consumers) {
        if (dependent_.contains(reader)) continue;
        (reads_as_shape(graph_->node(reader), value) ? as_shape : as_data) = true;
      }
      if (as_data)
        data_.push_back(value);
      else if (as_shape)
        shapes_.push_back(value);
    }
  }
}

Tensor LengthProgram::shape_at(ValueId value, int64_t past) const {
  std::vector<int64_t> extents = *extents_of(*graph_->value(value).type.shape);
  const std::vector<int64_t>& growth = growth_[value.index()];
  for (size_t k = 0; k < growth.size(); ++k) extents[k] += growth[k] * (past - past_);
  return Tensor::of<int64_t>({static_cast<int64_t>(extents.size())}, extents);
}

Result<std::vector<Tensor>> LengthProgram::evaluate(const std::vector<ValueId>& wanted,
                                                    int64_t past,
                                                    const TaskContext& context) const {
  const auto& library = *engine_backends().reference;
  const auto nothing = [](const std::string& name) -> Result<RuntimeValue> {
    return Error("'" + name + "' is not captured here");
  };
  std::map<ValueId, RuntimeValue> values;
  for (NodeId id : program_) {
    const Node& node = graph_->node(id);
    if (node.is("Shape") && node.attributes.empty()) {
      values[node.outputs[0]] = shape_at(node.inputs[0], past);
      continue;
    }
    std::vector<RuntimeValue> inputs;
    for (ValueId input : node.inputs) {
      if (!input.valid())
        inputs.emplace_back();
      else if (graph_->value(input).is_constant())
        inputs.emplace_back(*graph_->value(input).constant);
      else if (node.is("Shape"))
        inputs.emplace_back(Tensor::make(DataType::kBool, [&] {
          const Tensor shape = shape_at(input, past);
          return std::vector<int64_t>(shape.data<int64_t>().begin(), shape.data<int64_t>().end());
        }()));
      else
        inputs.push_back(values.at(input));
    }
    KASURI_TRY_IN(auto outputs, library.run(*graph_, node, inputs, nothing, context),
                  "node '" + node.name + "'");
    for (size_t k = 0; k < node.outputs.size(); ++k)
      if (node.outputs[k].valid()) values[node.outputs[k]] = outputs[k];
  }
  std::vector<Tensor> out;
  for (ValueId id : wanted) out.push_back(values.at(id).tensor());
  return out;
}

}  // namespace kasuri::profiling
