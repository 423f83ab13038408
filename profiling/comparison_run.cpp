#include "profiling/comparison_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "profiling/box_run.h"
#include "profiling/comparison_summary.h"
#include "profiling/runtimes/export_model.h"
#include "profiling/soak.h"
#include "profiling/statistics.h"
#include "profiling/travel.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

bool same_work(const ComparedSide& side, const ComparedSide& baseline) {
  const json mine = side.worker->plan().value("hash", json());
  return mine.is_string() && mine == baseline.worker->plan().value("hash", json()) &&
         side.spec.runtime == baseline.spec.runtime && side.spec.threads == baseline.spec.threads &&
         side.spec.streams == baseline.spec.streams &&
         side.spec.launcher == baseline.spec.launcher && side.spec.cpus == baseline.spec.cpus &&
         side.spec.inject_delay_percent == baseline.spec.inject_delay_percent;
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
  KASURI_RETURN_IF_ERROR(make_samples());
  tolerance_ = tolerance_for(session_.graph());
  return Done{};
}

Status ComparisonRun::make_samples() {
  InputRequest request = request_.inputs;
  for (int sample = 0; inputs_.samples > 1 && sample < std::min(inputs_.samples, kMostSamples);
       ++sample) {
    request.sample = sample;
    KASURI_TRY_IN(BoundInputs made, make_inputs(session_.graph(), request),
                  fmt::format("sample {}", sample + 1));
    samples_.push_back(std::move(made.values));
  }
  return Done{};
}

std::string ComparisonRun::temporary_path(const std::string& extension) {
  const auto folder = std::filesystem::temp_directory_path();
  temporary_files_.push_back(
      (folder / fmt::format("kasuri-{}-{}{}", getpid(), temporary_files_.size(), extension))
          .string());
  return temporary_files_.back();
}

Result<std::string> ComparisonRun::write_temporary(const std::string& passes) {
  KASURI_RETURN_IF_ERROR(session_.optimize(passes, context_));
  const std::string path = temporary_path(".onnx");
  ExportRequest request;
  request.onnx_path = path;
  KASURI_TRY_IN(const auto files, export_model(session_, request, context_),
                "exporting for another runtime");
  (void)files;
  return path;
}

Result<std::string> ComparisonRun::model_for(const SideSpec& spec) {
  if (spec.model == "exported") {
    if (!exported_.contains(spec.passes)) {
      KASURI_TRY(exported_[spec.passes], write_temporary(spec.passes));
    }
    return exported_[spec.passes];
  }
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
    side.task.samples = &samples_;
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

Status ComparisonRun::warm_up() {
  for (ComparedSide& side : sides_) {
    side.identical_to_baseline =
        &side != &sides_.front() && !request_.time_identical && same_work(side, sides_.front());
    context_.report(fmt::format("Warming up '{}'", side.spec.name));
    KASURI_RETURN_IF_ERROR(side.worker->warm_up(request_.warm_up_seconds, context_));
    if (side.spec.runtime != "kasuri" && !references_.empty()) KASURI_RETURN_IF_ERROR(judge(side));
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
  timed_seconds_ = times.seconds;
  std::vector<std::string> names;
  for (const ComparedSide* owner : owners) names.push_back(owner->spec.name);
  if (request_.blocks.duration_seconds > 0)
    soak_ = std::make_shared<const json>(describe_soak(times, names));
  energy_why_ = times.energy_why;
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
  for (ComparedSide& side : sides_)
    if (request_.box_bytes > 0 && !partial_) KASURI_RETURN_IF_ERROR(measure_box(side));
  return Done{};
}

Status ComparisonRun::measure_box(ComparedSide& side) {
  auto found = run_in_box(side.worker->spec(), side.task, request_.box_bytes, context_);
  if (!found.ok() && found.error().kind() != ErrorKind::kCancelled)
    return std::move(found).error().with_context("--box-memory");
  partial_ = !found.ok();
  if (found.ok()) side.box = std::make_shared<const json>(std::move(*found));
  return Done{};
}

const ComparedSide* ComparisonRun::side_of_passes() const {
  const auto found = std::find_if(sides_.rbegin(), sides_.rend(), [](const ComparedSide& side) {
    return side.spec.runtime == "kasuri" && side.spec.model != "exported";
  });
  return found == sides_.rend() ? nullptr : &*found;
}

int ComparisonRun::exit_code(const json& report) const {
  for (const ComparedSide& side : sides_)
    if (side.spec.runtime == "kasuri" &&
        (side.fidelity.verdict == FidelityVerdict::kBroken || !side.blocked.empty()))
      return 3;
  if (partial_) return 5;
  for (const json& requirement : report["requirements"])
    if (!requirement["met"].get<bool>()) return 4;
  return 0;
}

void ComparisonRun::put_energy(json& described, const ComparedSide& side) const {
  const bool known = side.times && side.times->joules && side.times->runs > 0;
  described["energy"] = {{"joules_per_run", nullptr}, {"why", energy_why_}};
  if (known)
    described["energy"] = {
        {"joules_per_run", *side.times->joules / static_cast<double>(side.times->runs)},
        {"source", "RAPL, whole package"}};
  else if (energy_why_.empty())
    described["energy"]["why"] = "this side was not timed";
  described["cold_start"] = side.cold_start ? *side.cold_start : json();
}

json ComparisonRun::report() const {
  json out = {{"model", describe_model_shortly(session_, request_.model)},
              {"sides", json::array()},
              {"deltas", json::array()},
              {"fidelity", json::array()},
              {"requirements", json::array()},
              {"command", request_.command},
              {"partial", partial_},
              {"timed_seconds", timed_seconds_},
              {"reference",
               {{"method", references_.empty() ? json() : json(references_.front().method)},
                {"samples", references_.size()},
                {"why", reference_why_},
                {"tolerance",
                 {{"relative", tolerance_.relative},
                  {"absolute", tolerance_.absolute},
                  {"why", tolerance_.why}}}}}};
  out["inputs"] = json::array();
  for (const auto& [name, source] : inputs_.sources) {
    json input = {{"name", name}, {"source", source}};
    const auto value = inputs_.values.find(name);
    if (value != inputs_.values.end() && value->second.is_tensor()) {
      input["dtype"] = name_of(value->second.tensor().dtype());
      input["shape"] = value->second.tensor().extents();
    }
    out["inputs"].push_back(std::move(input));
  }
  if (soak_) out["soak"] = *soak_;
  const ComparedSide& baseline = sides_.front();
  for (const ComparedSide& side : sides_) {
    out["sides"].push_back(describe_side(side, baseline, batch_of(session_.graph())));
    put_energy(out["sides"].back(), side);
    out["fidelity"].push_back(describe_fidelity(side));
    if (&side != &baseline)
      out["deltas"].push_back(
          describe_delta(side, out["sides"].back(), baseline, out["sides"].front()));
  }
  const ComparedSide* ours = side_of_passes();
  out["passes"] = ours == nullptr ? json::array() : describe_passes(*ours);
  for (json& pass : out["passes"]) {
    put_effects(pass, effects_.get(), effects_why_);
    const auto slow = slow_sites_.find(pass["name"]);
    if (slow != slow_sites_.end()) pass["slowed_by"] = slow->second;
  }
  if (request_.bisect) out["bisected"] = effects_ != nullptr;
  if (search_) out["search"] = *search_;
  out["travels"] = describe_travel(sides_);
  add_requirements(out, request_);
  out["exit"] = exit_code(out);
  return out;
}

}  // namespace kasuri::profiling
