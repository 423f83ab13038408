#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/cli/invocation.h"
#include "profiling/runtimes/kasuri_session.h"

namespace kasuri::cli {

/// Options most commands share, as given.
struct CommonOptions {
  std::string model;
  std::string passes = "default";
  std::string backend = "cpu";
  int threads = 1;
  std::string cpus;
  std::vector<std::string> dims;
  std::vector<std::string> inputs;
  uint64_t seed = 0;
  bool synthesize_weights = false;
  bool only_exact = false;  ///< `passes` is the exact part of what was asked for.
  std::string memory_limit, launcher;
  bool json = false;
};
using CommonOptionsPointer = std::shared_ptr<CommonOptions>;

/// Adds MODEL and the options of every command that runs a model.
CommonOptionsPointer add_common_options(CLI::App& command, Invocation& invocation);
/// With --only-exact: the exact part of the recipe; one that is wrong stays, to be refused later.
void keep_exact(const CommonOptions& options, std::string& recipe);
/// --dim, --synthesize-weights, --quiet, --json.
void add_model_options(CLI::App& command, CommonOptions& options, Invocation& invocation);

/// Takes options away that mean nothing for a command, so that they are refused, not ignored.
void without(CLI::App& command, std::initializer_list<const char*> options);

/// Errors: a malformed NAME=N, LIST or BYTES.
Result<std::map<std::string, int64_t>> dims_of(const std::vector<std::string>& texts);
Result<std::vector<int>> cpus_of(const std::string& text);
Result<int64_t> bytes_of_text(const std::string& text);
Result<profiling::ModelRequest> model_request(const CommonOptions& options);
Result<profiling::PlanRequest> plan_request(const CommonOptions& options);
Result<profiling::InputRequest> input_request(const CommonOptions& options);

}  // namespace kasuri::cli
