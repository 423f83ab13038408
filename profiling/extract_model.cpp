#include "profiling/extract_model.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/exec/executor.h"
#include "engine/ir/subgraph.h"
#include "engine/onnx/exporter.h"
#include "engine/plan/planner.h"
#include "profiling/runtimes/backends.h"
#include "profiling/value_file.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr int kMostSuggested = 3;

std::string similar_names(const Graph& graph, const std::string& name) {
  std::string list;
  int shown = 0;
  for (NodeId id : graph.node_ids())
    if (const std::string& other = graph.node(id).name;
        shown < kMostSuggested && other.find(name) != std::string::npos) {
      list += (shown++ == 0 ? "; there is '" : "', '") + other;
    }
  return list.empty() ? "; 'kasuri inspect --json' lists the names" : list + "'";
}

Result<NodeId> node_called(const Graph& graph, const std::string& name) {
  if (const auto node = graph.find_node(name)) return *node;
  if (const auto value = graph.find_value(name))
    if (graph.value(*value).producer.valid()) return graph.value(*value).producer;
  for (const GraphOutput& output : graph.outputs())
    if (output.name == name && graph.value(output.value).producer.valid())
      return graph.value(output.value).producer;
  return Error(fmt::format("no node and no value made by a node is called '{}'{}", name,
                           similar_names(graph, name)));
}

Result<std::set<NodeId>> nodes_called(const Graph& graph, const std::vector<std::string>& names) {
  std::set<NodeId> nodes;
  for (const std::string& name : names) {
    KASURI_TRY(const NodeId id, node_called(graph, name));
    nodes.insert(id);
  }
  return nodes;
}

Result<std::set<NodeId>> part_of(const Graph& graph, const ExtractRequest& request) {
  KASURI_TRY(std::set<NodeId> from, nodes_called(graph, request.from));
  KASURI_TRY(std::set<NodeId> to, nodes_called(graph, request.to));
  const std::vector<NodeId> all = graph.node_ids();
  if (from.empty()) from.insert(all.begin(), all.end());
  if (to.empty()) to.insert(all.begin(), all.end());
  std::set<NodeId> nodes = nodes_between(graph, from, to);
  if (nodes.empty()) return Error("no path leads from --from to --to");
  return nodes;
}

/// Values of the whole model that enter the part, from a run of what comes before it.
Result<std::map<std::string, RuntimeValue>> values_before(const Graph& graph,
                                                          const std::vector<ValueId>& wanted,
                                                          const BoundInputs& inputs,
                                                          const TaskContext& context) {
  std::map<std::string, RuntimeValue> values;
  std::vector<ValueId> made;
  for (ValueId id : wanted) {
    const std::string& name = graph.value(id).name;
    if (graph.value(id).producer.valid())
      made.push_back(id);
    else
      values[name] = inputs.values.at(name);
  }
  if (made.empty()) return values;
  KASURI_TRY(Graph before, cut_graph(graph, makers_of(graph, made), made));
  std::map<std::string, RuntimeValue> feeds;
  for (ValueId id : before.inputs()) {
    const std::string& name = before.value(id).name;
    feeds[name] = inputs.values.at(name);
  }
  const EngineBackends& backends = engine_backends();
  const auto shared = std::make_shared<const Graph>(std::move(before));
  KASURI_TRY(const PlanPointer plan,
             make_plan(shared, PlanDecisions(), backends.plan_set(), {}, context));
  KASURI_TRY(const auto executor, Executor::create(plan, backends.reference, 1));
  KASURI_TRY(const std::vector<RuntimeValue> results, executor->run(feeds, context));
  for (size_t i = 0; i < results.size(); ++i) values[shared->outputs()[i].name] = results[i];
  return values;
}

}  // namespace

Result<json> extract_model(const KasuriSession& session, const BoundInputs& inputs,
                           const ExtractRequest& request, const TaskContext& context) {
  const Graph& graph = session.model().graph;
  KASURI_TRY(const std::set<NodeId> nodes, part_of(graph, request));
  const std::vector<ValueId> leaving = values_leaving(graph, nodes);
  KASURI_TRY(const Graph part, cut_graph(graph, nodes, leaving));
  context.report("Recording the inputs of the part");
  KASURI_TRY(const auto values,
             values_before(graph, values_entering(graph, nodes), inputs, context));
  KASURI_RETURN_IF_ERROR(write_model(request.path, part, {}, context));
  const std::string folder = request.path + ".inputs";
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return Error("cannot make the folder " + folder + ": " + failed.message());
  json out = {{"file", request.path}, {"nodes", nodes.size()}, {"inputs", json::array()}};
  std::string command = "kasuri run " + request.path;
  for (ValueId id : part.inputs()) {
    const std::string& name = part.value(id).name;
    KASURI_TRY(const std::string file, write_output_file(folder, name, values.at(name), "npy"));
    out["inputs"].push_back({{"name", name}, {"file", folder + "/" + file}});
    command += fmt::format(" --input '{}={}/{}'", name, folder, file);
  }
  for (const GraphOutput& output : part.outputs()) out["outputs"].push_back(output.name);
  out["command"] = command;
  return out;
}

}  // namespace kasuri::profiling
