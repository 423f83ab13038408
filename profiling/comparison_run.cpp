#include "profiling/comparison_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "profiling/comparison_summary.h"
#include "profiling/leave_out.h"
#include "profiling/runtimes/export_model.h"
#include "profiling/travel.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

bool same_work(const ComparedSide& side, const ComparedSide& baseline) {
  const json mine = side.worker->plan().value("hash", json());
  return mine.is_string() && mine == baseline.worker->plan().value("hash", json()) &&
         side.spec.runtime == baseline.spec.runtime && side.spec.threads == baseline.spec.threads &&
         side.spec.cpus == baseline.spec.cpus &&
         side.spec.inject_delay_percent == baseline.spec.inject_delay_percent;
}

/// Passes the recipe switched on and that did something.
std::vector<std::string> suspects(const ComparedSide& side) {
  std::vector<std::string> names;
  for (const json& pass : side.worker->rewrite().value("passes", json::array()))
    if (!pass["always_on"].get<bool>() && pass["enabled"].get<bool>() &&
        pass["applied"].get<int>() > 0)
      names.push_back(pass["name"]);
  return names;
}

/// Sites of a pass that were rewritten, as the recipe names them.
std::vector<std::string> applied_sites(const json& rewrite, const std::string& pass_name) {
  std::vector<std::string> sites;
  for (const json& pass : rewrite["passes"])
    if (pass["name"] == pass_name)
      for (const json& rule : pass["rules"])
        for (const json& site : rule["sites"])
          if (site["outcome"] == "applied") sites.push_back(site["site"]);
  return sites;
}

}  // namespace

ComparisonRun::~ComparisonRun() {
  std::error_code ignored;
  for (const std::string& path : temporary_files_) {
    std::filesystem::remove(path, ignored);
    std::filesystem::remove(path + ".data", ignored);
  }
}

Status ComparisonRun::open_model() {
  context_.report("Opening the model");
  KASURI_RETURN_IF_ERROR(
      session_.open({request_.model, request_.dims, request_.synthesize_weights}, context_));
  KASURI_TRY(inputs_, make_inputs(session_.graph(), request_.inputs));
  tolerance_ = tolerance_for(session_.graph());
  return Done{};
}

Result<std::string> ComparisonRun::write_temporary(const std::string& passes) {
  KASURI_RETURN_IF_ERROR(session_.optimize(passes, context_));
  const auto folder = std::filesystem::temp_directory_path();
  const std::string path =
      (folder / fmt::format("kasuri-{}-{}.onnx", getpid(), temporary_files_.size())).string();
  temporary_files_.push_back(path);
  ExportRequest request;
  request.onnx_path = path;
  KASURI_TRY_IN(const auto files, export_model(session_, request, context_),
                "exporting for another runtime");
  (void)files;
  return path;
}

Result<std::string> ComparisonRun::model_for(const SideSpec& spec) {
  if (spec.model == "exported") return write_temporary(spec.passes);
  if (!spec.model.empty()) return spec.model;
  // Other runtimes read neither networks as text nor models whose weights are made up.
  const bool only_ours = session_.has_model() && (session_.model().synthesized_weights ||
                                                  request_.model.ends_with(".ktxt"));
  if (spec.runtime != "kasuri" && only_ours) return write_temporary("none");
  return request_.model;
}

Status ComparisonRun::prepare_sides() {
  for (const SideSpec& spec : request_.sides) {
    context_.report(fmt::format("Preparing side '{}'", spec.name));
    ComparedSide side;
    side.spec = spec;
    KASURI_TRY(side.task.model_path, model_for(spec));
    side.task.synthesize_weights = request_.synthesize_weights;
    side.task.inputs = &inputs_.values;
    SideSpec started = spec;
    if (spec.dims.empty()) started.dims = request_.dims;
    if (!session_.has_model() || side.task.model_path.ends_with(".kplan"))
      started.passes = "plan file";
    if (spec.model == "exported") started.passes = "none";
    KASURI_TRY(side.worker, SideWorker::start(started, side.task, context_));
    KASURI_RETURN_IF_ERROR(side.worker->prepare(context_));
    sides_.push_back(std::move(side));
  }
  return Done{};
}

Status ComparisonRun::judge(ComparedSide& side) {
  KASURI_TRY(const auto outputs, side.worker->outputs(context_));
  side.fidelity = compare_outputs(reference_.values, outputs, tolerance_);
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
  KASURI_TRY(side.blocked, passes_to_leave_out(suspects(side), works));
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
  auto made = reference_outputs(session_.model(), inputs_.values, inputs_.hash().hex(), context_);
  if (!made.ok()) {
    if (made.error().kind() == ErrorKind::kCancelled) return std::move(made).error();
    not_checked(made.error().text());
    return Done{};
  }
  reference_ = std::move(*made);
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

Status ComparisonRun::warm_up() {
  for (ComparedSide& side : sides_) {
    side.identical_to_baseline =
        &side != &sides_.front() && !request_.time_identical && same_work(side, sides_.front());
    context_.report(fmt::format("Warming up '{}'", side.spec.name));
    KASURI_RETURN_IF_ERROR(side.worker->warm_up(request_.warm_up_seconds, context_));
    if (side.spec.runtime != "kasuri" && !reference_.values.empty())
      KASURI_RETURN_IF_ERROR(judge(side));
  }
  return Done{};
}

Status ComparisonRun::time_blocks() {
  std::vector<TimedSide*> timed;
  std::vector<double> warm_ms;
  std::vector<ComparedSide*> owners;
  for (ComparedSide& side : sides_) {
    const bool is_baseline = &side == &sides_.front();
    if (side.identical_to_baseline) continue;
    if (side.fidelity.verdict == FidelityVerdict::kBroken && !is_baseline &&
        side.spec.runtime == "kasuri")
      continue;
    timed.push_back(side.worker.get());
    warm_ms.push_back(side.worker->warm().at("median_ms").get<double>());
    owners.push_back(&side);
  }
  KASURI_TRY(BlockTimes times, alternate_blocks(timed, warm_ms, request_.blocks, context_));
  partial_ = times.partial;
  for (size_t i = 0; i < owners.size(); ++i) owners[i]->times = std::move(times.sides[i]);
  return Done{};
}

Status ComparisonRun::measure_memory_of_sides() {
  for (ComparedSide& side : sides_) {
    if (!request_.measure_memory || partial_) {
      side.memory_why = partial_ ? "cancelled before" : "not asked for";
      continue;
    }
    context_.report(fmt::format("Memory of '{}' in a fresh process", side.spec.name));
    SideSpec spec = side.worker->spec();
    auto measured = measure_memory(spec, side.task, context_);
    if (measured.ok()) {
      side.memory = measured->header;
    } else if (measured.error().kind() == ErrorKind::kCancelled) {
      partial_ = true;
    } else {
      side.memory_why = measured.error().text();
    }
  }
  return Done{};
}

const ComparedSide* ComparisonRun::side_of_passes() const {
  const auto found = std::find_if(sides_.rbegin(), sides_.rend(), [](const ComparedSide& side) {
    return side.spec.runtime == "kasuri" && side.spec.model != "exported";
  });
  return found == sides_.rend() ? nullptr : &*found;
}

Status ComparisonRun::measure_effects() {
  const ComparedSide* side = side_of_passes();
  if (!request_.each_pass || side == nullptr || partial_) return Done{};
  EffectRequest request;
  request.side = side->worker->spec();
  request.task = side->task;
  request.passes = suspects(*side);
  request.warm_up_seconds = request_.warm_up_seconds;
  if (request_.blocks.blocks > 0) request.blocks = request_.blocks;
  if (!reference_.values.empty())
    request.outputs_right = [this](SideWorker& worker) -> Result<bool> {
      KASURI_TRY(const auto outputs, worker.outputs(context_));
      return compare_outputs(reference_.values, outputs, tolerance_).verdict !=
             FidelityVerdict::kBroken;
    };
  effects_ = std::make_unique<PassEffects>(std::move(request));
  Status measured = effects_->measure(context_);
  if (!measured.ok() && measured.error().kind() != ErrorKind::kCancelled) return measured;
  partial_ = !measured.ok();
  effects_why_ = partial_ ? "cancelled before" : "switched off, or no site in this model";
  return Done{};
}

int64_t ComparisonRun::batch() const {
  for (ValueId id : session_.graph().inputs()) {
    const auto& shape = session_.graph().value(id).type.shape;
    if (shape && !shape->empty() && shape->front().known())
      return std::max<int64_t>(1, shape->front().value());
  }
  return 1;
}

int ComparisonRun::exit_code(const json& report) const {
  for (const ComparedSide& side : sides_)
    if (side.spec.runtime == "kasuri" &&
        (side.fidelity.verdict == FidelityVerdict::kBroken || !side.blocked.empty()))
      return 3;
  for (const json& requirement : report["requirements"])
    if (!requirement["met"].get<bool>()) return 4;
  return 0;
}

json ComparisonRun::report() const {
  json out = {{"model", describe_model_shortly(session_, request_.model)},
              {"sides", json::array()},
              {"deltas", json::array()},
              {"fidelity", json::array()},
              {"requirements", json::array()},
              {"command", request_.command},
              {"partial", partial_},
              {"reference",
               {{"method", reference_.method.empty() ? json() : json(reference_.method)},
                {"why", reference_why_},
                {"tolerance",
                 {{"relative", tolerance_.relative},
                  {"absolute", tolerance_.absolute},
                  {"why", tolerance_.why}}}}}};
  out["inputs"] = json::array();
  for (const auto& [name, source] : inputs_.sources)
    out["inputs"].push_back({{"name", name}, {"source", source}});
  const ComparedSide& baseline = sides_.front();
  for (const ComparedSide& side : sides_) {
    out["sides"].push_back(describe_side(side, baseline, batch()));
    out["fidelity"].push_back(describe_fidelity(side));
    if (&side != &baseline)
      out["deltas"].push_back(
          describe_delta(side, out["sides"].back(), baseline, out["sides"].front()));
  }
  const ComparedSide* ours = side_of_passes();
  out["passes"] = ours == nullptr ? json::array() : describe_passes(*ours);
  for (json& pass : out["passes"]) put_effects(pass, effects_.get(), effects_why_);
  out["travels"] = describe_travel(sides_);
  add_requirements(out, request_);
  out["exit"] = exit_code(out);
  return out;
}

}  // namespace kasuri::profiling
