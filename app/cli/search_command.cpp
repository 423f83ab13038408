#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/command_line.h"
#include "app/cli/compare_options.h"
#include "app/cli/compare_table.h"
#include "app/cli/progress_bar.h"
#include "app/cli/report_options.h"
#include "engine/base/atomic_file.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

struct SearchOptions {
  CompareOptions compare;
};

/// One line per change of a trial, for who follows the search.
void print_trial(const json& trial) { fmt::print(stderr, "{}\n", json{{"trial", trial}}.dump()); }

Result<int> search(const SearchOptions& options, bool json_progress, const TaskContext& context) {
  KASURI_RETURN_IF_ERROR(check_places({options.compare.save_recipe}));
  CompareOptions compare = options.compare;
  compare.after = compare.common->passes;
  KASURI_TRY(profiling::CompareRequest request, compare_request(compare));
  request.sides = {request.sides.back()};
  request.sides.front().name = "recipe";
  request.search_exact = options.compare.common->only_exact;
  if (json_progress) request.on_trial = print_trial;
  KASURI_TRY(const json found, profiling::search_model(request, context));
  end_progress();
  if (!compare.save_recipe.empty())
    KASURI_RETURN_IF_ERROR(write_file_atomically(
        compare.save_recipe, found["search"]["best"].get<std::string>() + "\n"));
  if (compare.common->json)
    fmt::print("{}\n", found.dump(1));
  else
    print_search(found["search"]);
  return found["exit"].get<int>();
}

}  // namespace

void add_search_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "search", "Look for a better recipe: screened in one process, confirmed interleaved");
  auto options = std::make_shared<SearchOptions>();
  options->compare.common = add_common_options(*command, invocation);
  options->compare.search = "60s";
  options->compare.search_option = "--for";
  command->add_option("--for", options->compare.search, "How long to look (60s): 45s, 5m");
  command->add_option("--blocks", options->compare.blocks, "Blocks of a confirmation, at least 9")
      ->check(CLI::Range(9, 10000));
  command->add_option("--save-recipe", options->compare.save_recipe,
                      "Write the best recipe found as a file that --passes reads");
  command->add_flag("--no-fidelity", options->compare.no_fidelity, "Do not check outputs");
  command->callback([&invocation, options] {
    options->compare.command = reproducing_command();
    invocation.action = [&invocation, options](const TaskContext& context) {
      return search(*options, invocation.json_progress, context);
    };
  });
}

}  // namespace kasuri::cli
