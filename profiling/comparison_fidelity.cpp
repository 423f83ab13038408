#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "profiling/comparison_run.h"
#include "profiling/leave_out.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

/// Of each output the worse of both, figure by figure; `sample` is where `found` is from.
void keep_worst(FidelityResult& worst, const FidelityResult& found, int sample) {
  const auto less = [](std::optional<double>& kept, const std::optional<double>& other) {
    if (other && (!kept || *other < *kept)) kept = other;
  };
  for (size_t i = 0; i < worst.outputs.size() && i < found.outputs.size(); ++i) {
    OutputDifference& kept = worst.outputs[i];
    const OutputDifference& other = found.outputs[i];
    if (other.verdict == FidelityVerdict::kBroken && kept.verdict != FidelityVerdict::kBroken)
      kept.why = fmt::format("sample {}: {}", sample + 1, other.why);
    if (other.max_abs > kept.max_abs) kept.worst_sample = sample;
    kept.verdict = std::max(kept.verdict, other.verdict);
    kept.largest = other.max_abs > kept.max_abs ? other.largest : kept.largest;
    kept.smallest_max_abs = std::min(kept.smallest_max_abs, other.max_abs);
    kept.max_abs = std::max(kept.max_abs, other.max_abs);
    kept.max_rel = std::max(kept.max_rel, other.max_rel);
    kept.cosine = std::min(kept.cosine, other.cosine);
    less(kept.sqnr_db, other.sqnr_db);
    less(kept.argmax_agreement, other.argmax_agreement);
  }
  if (found.verdict > worst.verdict) worst.why = found.why;
  worst.verdict = std::max(worst.verdict, found.verdict);
}

}  // namespace

std::vector<std::string> applied_sites(const json& rewrite, const std::string& pass_name) {
  std::vector<std::string> sites;
  for (const json& pass : rewrite["passes"])
    if (pass["name"] == pass_name)
      for (const json& rule : pass["rules"])
        for (const json& site : rule["sites"])
          if (site["outcome"] == "applied") sites.push_back(site["site"]);
  return sites;
}

namespace {

std::vector<std::string> enabled_passes(const ComparedSide& side, bool working) {
  std::vector<std::string> names;
  for (const json& pass : side.worker->rewrite().value("passes", json::array()))
    if (!pass["always_on"].get<bool>() && pass["enabled"].get<bool>() &&
        (pass["applied"].get<int>() > 0) == working)
      names.push_back(pass["name"]);
  return names;
}

}  // namespace

std::vector<std::string> passes_that_did_something(const ComparedSide& side) {
  return enabled_passes(side, true);
}

std::vector<std::string> passes_that_did_nothing(const ComparedSide& side) {
  return enabled_passes(side, false);
}

Status ComparisonRun::judge(ComparedSide& side) {
  for (size_t sample = 0; sample < references_.size(); ++sample) {
    if (references_.size() > 1)
      KASURI_RETURN_IF_ERROR(side.worker->bind(samples_[sample], context_));
    KASURI_TRY(const auto outputs, side.worker->outputs(context_));
    FidelityResult found = compare_outputs(references_[sample].values, outputs, tolerance_);
    if (sample == 0)
      side.fidelity = std::move(found);
    else
      keep_worst(side.fidelity, found, static_cast<int>(sample));
  }
  if (references_.size() > 1) KASURI_RETURN_IF_ERROR(side.worker->bind(inputs_.values, context_));
  return Done{};
}

Status ComparisonRun::make_references() {
  for (size_t sample = 0; sample < std::max<size_t>(1, samples_.size()); ++sample) {
    BoundInputs inputs = inputs_;
    if (!samples_.empty()) inputs.values = samples_[sample];
    KASURI_TRY(ReferenceOutputs made,
               reference_outputs(session_.model(), inputs.values, inputs.hash().hex(), context_));
    references_.push_back(std::move(made));
  }
  return Done{};
}

Result<bool> ComparisonRun::works_without(ComparedSide& side, const std::string& asked,
                                          const std::vector<std::string>& left_out) {
  context_.report("Looking for what breaks outputs: without " + left_out.back());
  KASURI_RETURN_IF_ERROR(side.worker->replan(without_passes(asked, left_out), context_));
  KASURI_RETURN_IF_ERROR(judge(side));
  return side.fidelity.verdict != FidelityVerdict::kBroken;
}

Status ComparisonRun::block_passes(ComparedSide& side) {
  const std::string asked = side.spec.passes;
  side.unblocked_fidelity = side.fidelity;
  const json whole = side.worker->rewrite();
  const auto works = [&](const std::vector<std::string>& left_out) {
    return works_without(side, asked, left_out);
  };
  KASURI_TRY(side.blocked, passes_to_leave_out(passes_that_did_something(side), works));
  if (side.blocked.empty()) {
    side.fidelity = side.unblocked_fidelity;
    return side.worker->replan(asked, context_);
  }
  if (side.blocked.size() > 1) return Done{};
  KASURI_TRY(side.guilty, guilty_parts(applied_sites(whole, side.blocked.front()), works));
  KASURI_TRY(const bool right, works(side.blocked));  // back to the plan that is measured
  (void)right;
  return Done{};
}

Status ComparisonRun::check_fidelity() {
  const auto not_checked = [&](const std::string& why) {
    reference_why_ = why;
    for (ComparedSide& side : sides_) side.fidelity.why = why;
  };
  if (!request_.check_fidelity || !session_.has_model()) {
    not_checked(session_.has_model() ? "not asked for"
                                     : "a plan file has no unmodified model to compare with");
    return Done{};
  }
  Status made = make_references();
  if (!made.ok()) {
    if (made.error().kind() == ErrorKind::kCancelled) return std::move(made).error();
    not_checked(made.error().text());
    references_.clear();
    return Done{};
  }
  for (ComparedSide& side : sides_) {
    if (side.spec.runtime != "kasuri") continue;  // after its warm-up, when its level is chosen
    context_.report(fmt::format("Checking outputs of '{}'", side.spec.name));
    KASURI_RETURN_IF_ERROR(judge(side));
    const bool can_block =
        side.fidelity.verdict == FidelityVerdict::kBroken && side.spec.model.empty();
    if (can_block) KASURI_RETURN_IF_ERROR(block_passes(side));
  }
  return Done{};
}

}  // namespace kasuri::profiling
