#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/common_options.h"
#include "profiling/runtimes/backends.h"

namespace kasuri::cli {
namespace {

Result<int> list(bool as_json) {
  nlohmann::json out = nlohmann::json::array();
  for (const profiling::DeviceLine& line : profiling::list_devices()) {
    out.push_back({{"name", line.name},
                   {"kind", line.kind},
                   {"available", line.available},
                   {line.available ? "detail" : "why", line.detail}});
    if (!as_json)
      fmt::print("{:<10} {:<8} {:<4} {}\n", line.name, line.kind, line.available ? "yes" : "no",
                 line.detail);
  }
  if (as_json) fmt::print("{}\n", nlohmann::json{{"devices", out}}.dump(1));
  return kDone;
}

}  // namespace

void add_devices_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "devices", "Devices and runtimes that can run here, and why others cannot");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Print one JSON object");
  command->add_flag("--quiet", invocation.quiet, "No progress on stderr");
  command->callback([&invocation, json] {
    invocation.action = [json](const TaskContext&) { return list(*json); };
  });
}

}  // namespace kasuri::cli
