#include "engine/onnx/export_names.h"

namespace kasuri::onnx {

ExportNames::ExportNames(const Graph& graph, const ExportNames* outside)
    : names_(graph.value_capacity()) {
  if (outside) visible_ = outside->visible_;
  for (ValueId id : graph.captures()) {
    const std::string& name = graph.value(id).name;
    const auto known = outside ? outside->exported_.find(name) : exported_.end();
    names_[id.index()] = outside && known != outside->exported_.end() ? known->second : name;
  }
  std::set<std::string> captured;
  for (ValueId id : graph.captures()) captured.insert(names_[id.index()]);
  for (ValueId id : graph.inputs()) {
    const std::string& name = graph.value(id).name;
    names_[id.index()] = captured.contains(name) ? fresh(name) : name;
    visible_.insert(names_[id.index()]);
  }
  if (!outside) {
    for (const GraphOutput& o : graph.outputs()) visible_.insert(o.name);
    name_outputs(graph);
  }
  for (ValueId id : graph.value_ids()) {
    std::string& name = names_[id.index()];
    if (name.empty()) name = fresh(graph.value(id).name);
    exported_[graph.value(id).name] = name;
  }
  if (!outside) return;
  std::set<ValueId> used(graph.captures().begin(), graph.captures().end());
  for (const GraphOutput& o : graph.outputs()) {
    const bool direct = used.insert(o.value).second;
    outputs_.push_back(direct ? names_[o.value.index()] : fresh(o.name));
    if (!direct) copies_.emplace_back(outputs_.back(), o.value);
  }
}

void ExportNames::name_outputs(const Graph& graph) {
  for (const GraphOutput& o : graph.outputs()) {
    outputs_.push_back(o.name);
    std::string& name = names_[o.value.index()];
    const Value& value = graph.value(o.value);
    const bool same = name == o.name || (name.empty() && value.name == o.name);
    if (same || (name.empty() && value.producer.valid()))
      name = o.name;
    else
      copies_.emplace_back(o.name, o.value);
  }
}

std::string ExportNames::fresh(const std::string& wanted) {
  std::string name = wanted;
  for (int i = 1; !visible_.insert(name).second; ++i) name = wanted + "_" + std::to_string(i);
  return name;
}

const std::string& ExportNames::of(ValueId id) const {
  static const std::string kNone;
  return id.valid() ? names_[id.index()] : kNone;
}

}  // namespace kasuri::onnx
