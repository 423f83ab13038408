#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/common_options.h"
#include "app/cli/progress_bar.h"
#include "profiling/extract_model.h"

namespace kasuri::cli {
namespace {

struct ExtractOptions {
  CommonOptionsPointer common;
  profiling::ExtractRequest request;
};

Result<int> extract(const ExtractOptions& options, const TaskContext& context) {
  KASURI_TRY(const auto model, model_request(*options.common));
  KASURI_TRY(const auto input, input_request(*options.common));
  profiling::KasuriSession session;
  KASURI_RETURN_IF_ERROR(session.open(model, context));
  if (!session.has_model()) return Error(model.path + " is a plan; extract needs the model");
  KASURI_TRY(const auto inputs, profiling::make_inputs(session.model().graph, input));
  KASURI_TRY(const auto made, profiling::extract_model(session, inputs, options.request, context));
  end_progress();
  if (options.common->json)
    fmt::print("{}\n", made.dump(1));
  else
    fmt::print("{}: {} nodes, {} inputs recorded\n{}\n", made["file"].get<std::string>(),
               made["nodes"].get<size_t>(), made["inputs"].size(),
               made["command"].get<std::string>());
  return kDone;
}

}  // namespace

void add_extract_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "extract", "Save a part of a model as a model of its own, with its real inputs");
  auto options = std::make_shared<ExtractOptions>();
  options->common = add_common_options(*command, invocation);
  command->add_option("--from", options->request.from, "First nodes (or values) of the part")
      ->allow_extra_args(false);
  command->add_option("--to", options->request.to, "Last nodes (or values) of the part")
      ->allow_extra_args(false);
  command->add_option("-o,--out", options->request.path, "The ONNX file to write")->required();
  command->callback([&invocation, options] {
    invocation.action = [options](const TaskContext& context) {
      return extract(*options, context);
    };
  });
}

}  // namespace kasuri::cli
