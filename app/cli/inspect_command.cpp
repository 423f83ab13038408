#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "app/cli/common_options.h"
#include "profiling/export/units.h"
#include "profiling/worker/describe_graph.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;
using profiling::bytes_text;

void print_ports(const char* title, const json& ports) {
  fmt::print("{}\n", title);
  for (const json& port : ports)
    fmt::print("  {}  {}\n", port["name"].get<std::string>(), port["type"].get<std::string>());
}

void print_dims(const json& dims) {
  if (dims.empty()) return;
  fmt::print("dynamic dimensions\n");
  for (const json& dim : dims)
    fmt::print("  {} = {}{}  (input {}, axis {})\n", dim["name"].get<std::string>(),
               dim["value"].get<int64_t>(), dim["given"].get<bool>() ? "" : ", default",
               dim["input"].get<std::string>(), dim["axis"].get<int>());
}

void print_operators(const json& nodes) {
  std::map<std::string, int> counts;
  std::map<std::string, std::string> reasons;
  for (const json& node : nodes) {
    const std::string domain = node["domain"];
    const std::string op = (domain.empty() ? "" : domain + "::") + node["op"].get<std::string>();
    ++counts[op];
    if (!node["unsupported"].is_null())
      reasons[op] = fmt::format("{} (node '{}', opset {})", node["unsupported"].get<std::string>(),
                                node["name"].get<std::string>(), node["opset"].get<int>());
  }
  fmt::print("operators\n");
  for (const auto& [op, count] : counts) fmt::print("  {:>6} {}\n", count, op);
  if (!reasons.empty()) fmt::print("cannot run\n");
  for (const auto& [op, reason] : reasons) fmt::print("  {}: {}\n", op, reason);
}

void print_model(const json& described) {
  const json& model = described["model"];
  fmt::print("{}  opset {}  {}\n", model["path"].get<std::string>(), model["opset"].get<int>(),
             model["producer"].get<std::string>());
  fmt::print("{} operators, {} parameters, {} of weights\n", described["nodes"].size(),
             profiling::count_text(model["parameters"].get<int64_t>()),
             bytes_text(model["weight_bytes"].get<int64_t>()));
  print_ports("inputs", described["inputs"]);
  print_ports("outputs", described["outputs"]);
  print_dims(described["dims"]);
  print_operators(described["nodes"]);
  for (const json& note : model["notes"]) fmt::print("note: {}\n", note.get<std::string>());
}

Result<int> inspect(const CommonOptions& options, const TaskContext& context) {
  KASURI_TRY(const profiling::ModelRequest request, model_request(options));
  profiling::KasuriSession session;
  KASURI_RETURN_IF_ERROR(session.open(request, context));
  const json described = session.has_model() ? profiling::describe_model(session.model())
                                             : profiling::describe_graph(session.graph());
  if (options.json) {
    fmt::print("{}\n", described.dump(1));
  } else if (session.has_model()) {
    print_model(described);
  } else {
    fmt::print("{}  plan file, {} operators\n", options.model, described["nodes"].size());
    print_ports("inputs", described["inputs"]);
    print_ports("outputs", described["outputs"]);
  }
  return kDone;
}

}  // namespace

void add_inspect_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("inspect", "Inputs, outputs, operators, what cannot run and why");
  auto options = std::make_shared<CommonOptions>();
  command->add_option("model", options->model, "ONNX model or plan file")->required();
  add_model_options(*command, *options, invocation);
  command->callback([&invocation, options] {
    invocation.action = [options](const TaskContext& context) {
      return inspect(*options, context);
    };
  });
}

}  // namespace kasuri::cli
