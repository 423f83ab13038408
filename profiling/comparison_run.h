#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "profiling/compare_models.h"
#include "profiling/compared_side.h"
#include "profiling/fidelity/reference_outputs.h"
#include "profiling/pass_effects.h"
#include "profiling/runtimes/kasuri_session.h"

namespace kasuri::profiling {

/// Files of a folder that are compared and rotated through; more are left aside.
inline constexpr int kMostSamples = 32;

/// Sites of a pass that were rewritten, as recipes name them.
std::vector<std::string> applied_sites(const nlohmann::json& rewrite, const std::string& pass_name);
/// Passes the recipe switched on and that did something.
std::vector<std::string> passes_that_did_something(const ComparedSide& side);
/// Passes the recipe switched on and that found nothing to do.
std::vector<std::string> passes_that_did_nothing(const ComparedSide& side);

/// The steps of one comparison, in the order of its public methods; compare_model() calls them.
class ComparisonRun {
 public:
  ComparisonRun(const CompareRequest& request, const TaskContext& context)
      : request_(request), context_(context) {}
  ~ComparisonRun();

  Status open_model();
  Status prepare_sides();
  /// Outputs of every side against the reference; blocks passes that break them.
  Status check_fidelity();
  Status warm_up();
  Status time_blocks();
  /// Of sides that were timed, where a side has several streams.
  Status measure_streams();
  /// Peak in a process of its own; whether the side runs in the box asked for.
  Status measure_memory_of_sides();
  /// Process start to first results, from the model file and from a plan, if asked for.
  Status measure_cold_starts();
  /// Of single passes of the last Kasuri side, if asked for.
  Status measure_effects();
  /// For a better recipe, if asked for.
  Status search();
  nlohmann::json report() const;

 private:
  Result<std::string> model_for(const SideSpec& spec);
  Result<std::string> write_temporary(const std::string& passes);
  std::string temporary_path(const std::string& extension);
  Status measure_box(ComparedSide& side);
  Status make_samples();
  Status make_references();
  /// Outputs on every sample, the worst kept.
  Status judge(ComparedSide& side);
  void put_energy(nlohmann::json& described, const ComparedSide& side) const;
  Status block_passes(ComparedSide& side);
  Result<bool> works_without(ComparedSide& side, const std::string& asked,
                             const std::vector<std::string>& left_out);
  const ComparedSide* side_of_passes() const;
  EffectRequest effect_request(const ComparedSide& side);
  /// Sites of passes that are better left out.
  Status bisect_slow_passes(const ComparedSide& side);
  int exit_code(const nlohmann::json& report) const;

  const CompareRequest& request_;
  const TaskContext& context_;
  KasuriSession session_;  // the model, opened here for inputs, reference and exports
  BoundInputs inputs_;
  Tolerance tolerance_;
  std::vector<std::map<std::string, RuntimeValue>> samples_;  // of folders, at most kMostSamples
  std::vector<ReferenceOutputs> references_;                  // by sample
  std::string reference_why_;
  std::vector<ComparedSide> sides_;
  std::vector<std::string> temporary_files_;
  std::unique_ptr<PassEffects> effects_;
  std::string effects_why_ = "the effect of single passes was not measured";
  std::map<std::string, std::vector<std::string>> slow_sites_;  // by pass
  std::map<std::string, std::string> exported_;                 // by recipe
  std::shared_ptr<const nlohmann::json> soak_, search_;
  std::string energy_why_;
  double timed_seconds_ = 0;  ///< That the alternating blocks took.
  bool partial_ = false;
};

}  // namespace kasuri::profiling
