#include "profiling/runtimes/export_model.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "engine/onnx/exporter.h"
#include "profiling/environment.h"
#include "profiling/runtimes/plan_source.h"

namespace kasuri::profiling {
namespace {

Status refuse_source(const KasuriSession& session, const std::string& path) {
  std::error_code ignored;
  if (!session.has_model() || !std::filesystem::equivalent(session.model().path, path, ignored))
    return Done{};
  return Error(fmt::format("{} is the model itself; choose another name for the result", path));
}

/// The groups of the decisions as node metadata, so that the file re-imports to the same groups.
std::function<std::map<std::string, std::string>(const Node&)> group_metadata(
    const OptimizedGraph& optimized) {
  return [&optimized](const Node& node) {
    std::map<std::string, std::string> metadata;
    if (const Group* group = optimized.decisions.group_of(node.id)) {
      metadata["kasuri.group"] = fmt::format("{}", group->id.index());
      metadata["kasuri.kind"] = group->kind;
      metadata["kasuri.site"] = group->site;
    }
    return metadata;
  };
}

Status write_onnx(const KasuriSession& session, const std::string& path,
                  const TaskContext& context) {
  ExportOptions options;
  options.producer_version = read_environment().version;
  options.domain = session.model().domain;
  options.doc_string = session.model().doc_string;
  options.model_version = session.model().model_version;
  options.ir_version = session.model().ir_version;
  options.metadata["kasuri.recipe"] = session.recipe();
  options.node_metadata = group_metadata(session.optimized());
  return write_model(path, *session.optimized().graph, options, context);
}

}  // namespace

Result<std::vector<std::string>> export_model(const KasuriSession& session,
                                              const ExportRequest& request,
                                              const TaskContext& context) {
  std::vector<std::string> written;
  if (!session.has_rewrite()) return Error("nothing to export: no optimised model is open");
  if (!request.onnx_path.empty()) {
    KASURI_RETURN_IF_ERROR(refuse_source(session, request.onnx_path));
    if (request.opset != 0 && request.opset != session.optimized().graph->opset())
      return Error(
          fmt::format("cannot write opset {}: the model has opset {} and operators are kept in "
                      "the model's own opset",
                      request.opset, session.optimized().graph->opset()));
    KASURI_TRY_IN(const Done done, write_onnx(session, request.onnx_path, context),
                  "writing " + request.onnx_path);
    (void)done;
    written.push_back(request.onnx_path);
  }
  if (!request.plan_path.empty()) {
    KASURI_RETURN_IF_ERROR(refuse_source(session, request.plan_path));
    if (!session.has_plan()) return Error("no plan has been made yet");
    KASURI_RETURN_IF_ERROR(save_plan(request.plan_path, session, context));
    written.push_back(request.plan_path);
  }
  return written;
}

}  // namespace kasuri::profiling
