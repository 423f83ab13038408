// The graph of a model at a glance: before its weights are read.
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/mapped_file.h"
#include "engine/onnx/message_reader.h"
#include "profiling/runtimes/plan_source.h"
#include "profiling/worker/node_scope.h"
#include "profiling/worker/requests.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr size_t kLongestScope = 4096;

json texts(const std::vector<std::string_view>& words) {
  json out = json::array();
  for (std::string_view word : words) out.push_back(std::string(word));
  return out;
}

json describe(const onnx::NodeMessage& node) {
  std::map<std::string, std::string> metadata;
  for (const onnx::Entry& entry : node.metadata)
    if (entry.value.size() <= kLongestScope)  // not stack traces
      metadata.emplace(std::string(entry.key), std::string(entry.value));
  const std::string name(node.name);
  return {{"name", name.empty() && !node.outputs.empty() ? std::string(node.outputs[0]) : name},
          {"op", std::string(node.op_type)},
          {"scope", scope_of(name, metadata)},
          {"inputs", texts(node.inputs)},
          {"outputs", texts(node.outputs)}};
}

}  // namespace

Result<Reply> handle_outline(WorkerState&, const Frame& frame, const TaskContext& context) {
  const std::string path = frame.header->value("path", "");
  if (path.ends_with(".ktxt") || is_plan_file(path))
    return Error::unavailable("'" + path + "' is no ONNX file; open it");
  KASURI_TRY(const auto file, MappedFile::open(path));
  KASURI_TRY(const onnx::ModelMessage model, onnx::read_model(file->bytes()));
  json nodes = json::array();
  if (model.graph)
    for (const onnx::NodeMessage& node : model.graph->nodes) {
      KASURI_RETURN_IF_ERROR(context.cancel.check());
      if (node.op_type != "Constant") nodes.push_back(describe(node));
    }
  return Reply(json{{"path", path}, {"bytes", file->bytes().size()}, {"nodes", nodes}});
}

}  // namespace kasuri::profiling
