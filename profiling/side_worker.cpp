#include "profiling/side_worker.h"

#include <nlohmann/json.hpp>

#include "profiling/clock.h"
#include "profiling/runtimes/other_runtimes.h"
#include "profiling/worker/launcher.h"
#include "profiling/worker/model_upload.h"
#include "profiling/worker/value_blob.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

std::string context_of(const SideSpec& spec) { return "side '" + spec.name + "'"; }

/// Says what to do about a worker that does not even greet.
Error not_started(Error error, const SideSpec& spec) {
  if (error.kind() == ErrorKind::kCancelled) return error;
  if (const OtherRuntime* other = find_runtime(spec.runtime); other != nullptr)
    return std::move(error).with_context(what_it_needs(*other));
  if (error.text().find("exit code 127") == std::string::npos || spec.launcher.empty())
    return error;
  return Error(
      error.text() + "; put kasuri on the PATH there, or name it: KASURI_REMOTE=/path/of/kasuri",
      error.kind());
}

/// As the task confines the process.
WorkerCommand confined(WorkerCommand command, const SideTask& task) {
  if (!task.step_note.empty()) command.environment["KASURI_STEP_NOTE"] = task.step_note;
  if (task.control_group.empty()) return command;
  std::vector<std::string> words = {"/bin/sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"",
                                    task.control_group};
  words.insert(words.end(), command.words.begin(), command.words.end());
  command.words = std::move(words);
  return command;
}

}  // namespace

SideWorker::SideWorker(SideSpec spec, SideTask task, std::unique_ptr<WorkerClient> client)
    : spec_(std::move(spec)), task_(std::move(task)), client_(std::move(client)) {
  hello_ = rewrite_ = plan_ = warm_ = std::make_shared<const json>(json::object());
}

Result<std::unique_ptr<SideWorker>> SideWorker::start(const SideSpec& spec, const SideTask& task,
                                                      const TaskContext& context) {
  const OtherRuntime* other = find_runtime(spec.runtime);
  WorkerCommand command = other != nullptr ? adapter_command(*other) : own_worker_command();
  if (!spec.launcher.empty()) {
    if (other != nullptr) return Error(context_of(spec) + ": a launcher starts Kasuri sides only");
    KASURI_TRY_IN(command, launched_worker_command(spec.launcher), context_of(spec));
  }
  KASURI_TRY_IN(auto client, WorkerClient::start(confined(command, task), spec.name),
                context_of(spec));
  std::unique_ptr<SideWorker> side(new SideWorker(spec, task, std::move(client)));
  auto hello = side->ask({{"type", "hello"}}, context);
  if (!hello.ok())
    return not_started(std::move(hello).error(), spec).with_context(context_of(spec));
  side->hello_ = *hello;
  return side;
}

Result<SideWorker::Answer> SideWorker::ask(const json& fields, const TaskContext& context,
                                           const std::vector<std::string>& blobs) {
  KASURI_TRY(Frame frame, client_->request(fields, context, blobs));
  return frame.header;
}

Status SideWorker::bind(const std::map<std::string, RuntimeValue>& values,
                        const TaskContext& context) {
  std::vector<std::string> blobs;
  json inputs = json::array();
  for (const auto& [name, value] : values) inputs.push_back(describe_value(name, value, blobs));
  KASURI_TRY(const Answer bound, ask({{"type", "bind"}, {"inputs", inputs}}, context, blobs));
  (void)bound;
  return Done{};
}

Result<SideWorker::Answer> SideWorker::open(const TaskContext& context) {
  json request = {{"type", "open"},
                  {"path", task_.model_path},
                  {"dims", spec_.dims},
                  {"synthesize_weights", task_.synthesize_weights}};
  if (spec_.launcher.empty()) return ask(request, context);
  KASURI_TRY(const ModelUpload upload, ModelUpload::of(task_.model_path));
  request["hash"] = upload.hash();
  auto answer = ask(request, context);
  if (answer.ok() || answer.error().text().find("need_upload") == std::string::npos) return answer;
  for (const std::string& file : upload.files()) {
    context.report("Sending " + file);
    KASURI_TRY(const std::string bytes, upload.bytes_of(file));
    const json send = {{"type", "upload"},
                       {"hash", upload.hash()},
                       {"name", file},
                       {"check", upload.is_model(file)}};
    KASURI_TRY(const Answer sent, ask(send, context, {bytes}));
    (void)sent;
  }
  return ask(request, context);
}

Status SideWorker::prepare(const TaskContext& context) {
  const Stopwatch watch;
  KASURI_TRY_IN(const Answer opened, open(context), context_of(spec_));
  (void)opened;
  open_ms_ = watch.milliseconds();
  return replan(spec_.passes, context);
}

Status SideWorker::replan(const std::string& passes, const TaskContext& context) {
  spec_.passes = passes;
  if (spec_.passes != "plan file") {
    const json optimize = {{"type", "optimize"}, {"recipe", passes}, {"graph", false}};
    KASURI_TRY_IN(rewrite_, ask(optimize, context), context_of(spec_));
  }
  const json plan = {
      {"type", "plan"},     {"backend", spec_.backend},           {"threads", spec_.threads},
      {"cpus", spec_.cpus}, {"memory_limit", spec_.memory_limit}, {"settings", spec_.settings}};
  KASURI_TRY_IN(plan_, ask(plan, context), context_of(spec_));
  return bind(*task_.inputs, context);
}

Status SideWorker::warm_up(double max_seconds, const TaskContext& context) {
  KASURI_TRY_IN(warm_, ask({{"type", "warm_up"}, {"max_seconds", max_seconds}}, context),
                context_of(spec_));
  if (const auto settings = warm_->find("settings"); settings != warm_->end())
    if (const auto level = settings->find("opt.level"); level != settings->end())
      spec_.settings["opt.level"] = level->get<std::string>();
  return Done{};
}

Status SideWorker::bind_next_sample(const TaskContext& context) {
  return bind((*task_.samples)[block_++ % task_.samples->size()], context);
}

Result<std::vector<double>> SideWorker::run_block(int iterations, const TaskContext& context) {
  if (rotates()) {
    KASURI_RETURN_IF_ERROR(bind_next_sample(context));
    KASURI_TRY_IN(const Answer first, ask({{"type", "run_block"}, {"iterations", 1}}, context),
                  context_of(spec_));
    (void)first;
  }
  const json request = {{"type", "run_block"},
                        {"iterations", iterations},
                        {"inject_delay_percent", spec_.inject_delay_percent}};
  KASURI_TRY_IN(const Answer answer, ask(request, context), context_of(spec_));
  return answer->at("times_ms").get<std::vector<double>>();
}

Result<json> SideWorker::run_streams(double seconds, const TaskContext& context) {
  if (rotates()) KASURI_RETURN_IF_ERROR(bind_next_sample(context));
  const json request = {{"type", "run_streams"},
                        {"streams", spec_.streams},
                        {"seconds", seconds},
                        {"inject_delay_percent", spec_.inject_delay_percent}};
  KASURI_TRY_IN(const Answer answer, ask(request, context), context_of(spec_));
  return *answer;
}

Result<std::map<std::string, RuntimeValue>> SideWorker::outputs(const TaskContext& context) {
  KASURI_TRY_IN(const Frame frame, client_->request({{"type", "outputs"}}, context),
                context_of(spec_));
  std::map<std::string, RuntimeValue> values;
  for (const json& output : frame.header->at("outputs")) {
    KASURI_TRY(values[output.at("name").get<std::string>()], value_from(output, frame.blobs));
  }
  return values;
}

Result<Frame> SideWorker::memory(const TaskContext& context) {
  return client_->request({{"type", "memory"}}, context);
}

Status SideWorker::export_plan(const std::string& path, const TaskContext& context) {
  KASURI_TRY_IN(const Answer written, ask({{"type", "export"}, {"plan", path}}, context),
                context_of(spec_));
  (void)written;
  return Done{};
}

Result<double> measure_cold_start(const SideSpec& spec, const SideTask& task,
                                  const TaskContext& context) {
  const Stopwatch watch;
  KASURI_TRY(const auto side, SideWorker::start(spec, task, context));
  KASURI_RETURN_IF_ERROR(side->prepare(context));
  KASURI_TRY(const auto times, side->run_block(1, context));
  (void)times;
  return watch.milliseconds();
}

Result<Frame> measure_memory(const SideSpec& spec, const SideTask& task,
                             const TaskContext& context) {
  KASURI_TRY(const auto side, SideWorker::start(spec, task, context));
  KASURI_RETURN_IF_ERROR(side->prepare(context));
  KASURI_RETURN_IF_ERROR(side->warm_up(0, context));
  KASURI_TRY(const auto times, side->run_block(3, context));
  (void)times;
  if (spec.streams > 1) {
    KASURI_TRY(const json together, side->run_streams(0, context));
    (void)together;
  }
  return side->memory(context);
}

}  // namespace kasuri::profiling
