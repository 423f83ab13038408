#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/box_option.h"
#include "app/cli/started_session.h"
#include "engine/base/atomic_file.h"
#include "profiling/box_run.h"
#include "profiling/value_file.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

struct RunOptions {
  CommonOptionsPointer common;
  std::string out;
  std::string format = "npy";
  std::string box_memory;
};

json describe_output(const std::string& name, const RuntimeValue& value) {
  json entry = {{"name", name}};
  if (value.is_tensor()) {
    entry["dtype"] = name_of(value.tensor().dtype());
    entry["shape"] = value.tensor().extents();
  } else if (value.is_sequence()) {
    entry["dtype"] = "sequence";
    entry["shape"] = {value.items().size()};
  } else {
    entry["dtype"] = "absent";
    entry["shape"] = nullptr;
  }
  return entry;
}

Result<json> write_outputs(const RunOptions& options, const Graph& graph,
                           const std::vector<RuntimeValue>& values) {
  json list = json::array();
  if (!options.out.empty()) {
    std::error_code failure;
    std::filesystem::create_directories(options.out, failure);
    if (failure)
      return Error(fmt::format("cannot make folder {}: {}", options.out, failure.message()));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    const std::string& name = graph.outputs()[i].name;
    json entry = describe_output(name, values[i]);
    if (!options.out.empty()) {
      KASURI_TRY_IN(const std::string file,
                    profiling::write_output_file(options.out, name, values[i], options.format),
                    fmt::format("writing output '{}'", name));
      entry["file"] = file;
    }
    list.push_back(std::move(entry));
  }
  if (!options.out.empty())
    KASURI_RETURN_IF_ERROR(
        write_file_atomically(options.out + "/outputs.json", list.dump(1) + "\n"));
  return list;
}

Result<int> run_model(const RunOptions& options, const TaskContext& context) {
  KASURI_TRY(StartedSession started, start_session(*options.common, context));
  const profiling::KasuriSession& session = started.session;
  KASURI_TRY(const std::vector<RuntimeValue> values, session.outputs());
  KASURI_TRY(const json list, write_outputs(options, session.graph(), values));
  KASURI_TRY(const json box, box_of(options.box_memory, *options.common, started, context));
  const int code = box.is_null() || box["fits"] == true ? kDone : kRequirementNotMet;
  if (options.common->json) {
    json result = {{"outputs", list},
                   {"prepare_ms", started.prepare_ms},
                   {"first_run_ms", started.first_run_ms},
                   {"plan_hash", session.plan().hash().hex()}};
    if (!box.is_null()) result["box"] = box;
    fmt::print("{}\n", result.dump(1));
    return code;
  }
  for (const json& entry : list)
    fmt::print("{}  {}{}  {}\n", entry["name"].get<std::string>(),
               entry["dtype"].get<std::string>(), entry["shape"].dump(), entry.value("file", ""));
  if (!box.is_null()) fmt::print("{}\n", profiling::box_line(box));
  return code;
}

}  // namespace

void add_run_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("run", "Run once and write the outputs");
  auto options = std::make_shared<RunOptions>();
  options->common = add_common_options(*command, invocation);
  command->add_option("--out", options->out, "Folder for the outputs and outputs.json");
  command->add_option("--out-format", options->format, "npy or pb")
      ->check(CLI::IsMember({"npy", "pb"}));
  add_box_option(*command, options->box_memory);
  command->callback([&invocation, options] {
    invocation.action = [options](const TaskContext& context) {
      return run_model(*options, context);
    };
  });
}

}  // namespace kasuri::cli
