#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/mapped_file.h"
#include "passes/optimize.h"
#include "profiling/clock.h"
#include "profiling/runtimes/backends.h"
#include "profiling/runtimes/export_model.h"
#include "profiling/worker/describe_environment.h"
#include "profiling/worker/describe_graph.h"
#include "profiling/worker/describe_plan.h"
#include "profiling/worker/describe_rewrite.h"
#include "profiling/worker/requests.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

Result<std::string> hash_of_file(const std::string& path) {
  KASURI_TRY(const auto file, MappedFile::open(path));
  return fingerprint_of(file->bytes()).hex();
}

Result<std::string> upload_path(const std::string& hash, const std::string& name) {
  if (hash.empty() || hash.find_first_not_of("0123456789abcdef") != std::string::npos)
    return Error("an upload needs the content hash in lower-case hexadecimal");
  KASURI_TRY(const std::string folder, cache_folder("models/" + hash));
  return folder + "/" + std::filesystem::path(name).filename().string();
}

/// The file to open: the path given if its content is what the client has, else what was uploaded.
Result<std::string> find_model(const json& header) {
  const std::string path = header.value("path", "");
  const std::string hash = header.value("hash", "");
  if (hash.empty()) return path;
  const auto found = hash_of_file(path);
  if (found.ok() && *found == hash) return path;
  KASURI_TRY(const std::string uploaded, upload_path(hash, path));
  std::error_code ignored;
  if (std::filesystem::exists(uploaded, ignored)) return uploaded;
  return Error::unavailable(fmt::format("need_upload: {} with hash {} is not here", path, hash));
}

}  // namespace

Result<Reply> handle_hello(WorkerState&, const Frame&, const TaskContext&) {
  const Environment environment = read_environment();
  return Reply(
      json{{"protocol", 1},
           {"runtime",
            {{"name", "kasuri"}, {"version", environment.version}, {"settings", json::object()}}},
           {"pid", getpid()},
           {"environment", describe_environment(environment)}});
}

Result<Reply> handle_upload(WorkerState&, const Frame& frame, const TaskContext&) {
  if (frame.blobs.size() != 1) return Error("an upload is one blob");
  const std::string hash = frame.header->value("hash", "");
  KASURI_TRY(const std::string path, upload_path(hash, frame.header->value("name", "model.onnx")));
  if (frame.header->value("check", true) && fingerprint_of(frame.blobs[0]).hex() != hash)
    return Error("the uploaded bytes do not have the hash " + hash);
  KASURI_RETURN_IF_ERROR(write_file_atomically(path, frame.blobs[0]));
  return Reply(json{{"path", path}});
}

Result<Reply> handle_open(WorkerState& state, const Frame& frame, const TaskContext& context) {
  state.streams.reset();
  const json& header = *frame.header;
  const Stopwatch watch;
  ModelRequest request;
  KASURI_TRY(request.path, find_model(header));
  request.dims = header.value("dims", std::map<std::string, int64_t>());
  request.synthesize_weights = header.value("synthesize_weights", false);
  KASURI_RETURN_IF_ERROR(state.session.open(request, context));
  const double open_ms = watch.milliseconds();
  const bool nodes = frame.header->value("graph", true);
  json body = state.session.has_model() ? describe_model(state.session.model(), nodes)
                                        : describe_graph(state.session.graph(), nodes);
  if (!state.session.has_model())
    body["model"] = {{"path", request.path},
                     {"name", state.session.graph().name()},
                     {"hash", state.session.plan().hash().hex()},
                     {"plan_file", true}};
  body["open_ms"] = open_ms;
  return Reply(std::move(body));
}

Result<Reply> handle_passes(WorkerState&, const Frame& frame, const TaskContext&) {
  KASURI_TRY(const Recipe recipe, parse_recipe(frame.header->value("recipe", "default")));
  return Reply(json{{"passes", describe_catalogue(recipe)}});
}

Result<Reply> handle_optimize(WorkerState& state, const Frame& frame, const TaskContext& context) {
  state.streams.reset();
  const std::string spec = frame.header->value("recipe", "default");
  KASURI_TRY(const Recipe recipe, parse_recipe(spec));
  const Stopwatch watch;
  KASURI_RETURN_IF_ERROR(state.session.optimize(spec, context));
  const double elapsed = watch.milliseconds();
  const OptimizedGraph& optimized = state.session.optimized();
  json body = {{"recipe", recipe.text()},
               {"nodes_before", state.session.model().graph.node_count()},
               {"nodes_after", optimized.graph->node_count()},
               {"passes", describe_log(recipe, optimized.log)},
               {"optimize_ms", elapsed}};
  if (frame.header->value("graph", true)) body["graph"] = describe_graph(*optimized.graph);
  return Reply(std::move(body));
}

Result<Reply> handle_plan(WorkerState& state, const Frame& frame, const TaskContext& context) {
  state.streams.reset();
  const json& header = *frame.header;
  PlanRequest request;
  request.backend = header.value("backend", "cpu");
  request.threads = header.value("threads", 1);
  request.cpus = header.value("cpus", std::vector<int>());
  request.memory_limit = header.value("memory_limit", int64_t{0});
  if (request.backend != "cpu" && request.backend != "reference")
    return Error::unavailable(
        fmt::format("backend '{}' cannot run here; see 'kasuri devices'", request.backend));
  if (request.threads < 1 || request.threads > 1024) return Error("threads must be 1 to 1024");
  const Stopwatch watch;
  KASURI_RETURN_IF_ERROR(state.session.make_plan(request, context));
  json body = describe_plan(state.session.plan());
  body["prepare_ms"] = watch.milliseconds();
  body["threads"] = request.threads;
  body["backend"] = request.backend;
  return Reply(std::move(body));
}

Result<Reply> handle_export(WorkerState& state, const Frame& frame, const TaskContext& context) {
  ExportRequest request;
  request.onnx_path = frame.header->value("onnx", "");
  request.plan_path = frame.header->value("plan", "");
  request.opset = frame.header->value("opset", 0);
  KASURI_TRY(const std::vector<std::string> files, export_model(state.session, request, context));
  return Reply(json{{"files", files}});
}

}  // namespace kasuri::profiling
