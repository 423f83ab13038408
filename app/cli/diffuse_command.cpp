#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "app/cli/command_line.h"
#include "app/cli/diffuse_options.h"
#include "app/cli/progress_bar.h"
#include "engine/base/atomic_file.h"
#include "profiling/dynamic/denoise_predictor.h"
#include "profiling/dynamic/denoise_verdict.h"
#include "profiling/export/html.h"
#include "profiling/value_file.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;
using profiling::DenoiserModel;
using profiling::DenoiseStudy;
using profiling::DenoiseVariant;

Result<std::vector<std::vector<float>>> starting_noise(const DiffuseOptions& options,
                                                       const DenoiserModel& model) {
  std::vector<std::vector<float>> out;
  if (options.noise.empty()) {
    for (int64_t k = 0; k < options.seeds; ++k) {
      std::mt19937_64 random(options.common->seed + static_cast<uint64_t>(k));
      out.push_back(profiling::gaussian_noise(model.image_size(), random));
    }
    return out;
  }
  std::vector<int64_t> extents = model.image_extents();
  extents[0] = options.seeds;
  KASURI_TRY(const RuntimeValue value,
             profiling::read_input_file(options.noise, "noise",
                                        ValueType::tensor(DataType::kFloat, shape_of(extents))));
  const auto all = value.tensor().data<float>();
  if (all.size() != model.image_size() * static_cast<size_t>(options.seeds))
    return Error(fmt::format("{} does not hold {} images", options.noise, options.seeds));
  for (size_t k = 0; k < static_cast<size_t>(options.seeds); ++k) {
    const auto part = all.subspan(k * model.image_size(), model.image_size());
    out.emplace_back(part.begin(), part.end());
  }
  return out;
}

std::vector<int64_t> labels_of(const DiffuseOptions& options) {
  std::vector<int64_t> out;
  for (int64_t k = 0; k < options.seeds; ++k) {
    if (options.classes > 0)
      out.push_back(k % options.classes);
    else
      out.push_back(options.labels.empty()
                        ? 0
                        : options.labels[static_cast<size_t>(k) % options.labels.size()]);
  }
  return out;
}

Result<std::unique_ptr<DenoiserModel>> open_denoiser(const DiffuseOptions& options, double guidance,
                                                     const TaskContext& task) {
  profiling::DenoiserRequest request;
  request.path = options.common->model;
  KASURI_TRY(request.dims, dims_of(options.common->dims));
  request.recipe = options.common->passes;
  KASURI_TRY(request.plan, plan_request(*options.common));
  request.sample = options.sample_input;
  request.timestep = options.timestep_input;
  request.label = options.label_input;
  request.output = options.output;
  request.guided = guidance != 1;
  return DenoiserModel::open(request, task);
}

Result<std::vector<DenoiseVariant>> variants_of(const DiffuseOptions& options,
                                                const std::vector<int64_t>& labels) {
  std::vector<DenoiseVariant> out(2);
  out[0].name = fmt::format("full {}", options.full_steps);
  out[0].rule.steps = options.full_steps;
  out[1].name = "asked for";
  out[1].rule = options.rule();
  std::vector<int64_t> fixed = options.fixed;
  std::sort(fixed.begin(), fixed.end());
  for (int64_t steps : fixed) {
    DenoiseVariant variant;
    variant.name = fmt::format("fixed {}", steps);
    variant.rule.steps = steps;
    out.push_back(std::move(variant));
  }
  if (!options.predict_steps.empty()) {
    KASURI_TRY(const auto predictor, profiling::StepPredictor::read(options.predict_steps));
    DenoiseVariant variant;
    variant.name = "predicted";
    for (int64_t label : labels) variant.steps_of_seed.push_back(predictor.steps_for(label));
    out.push_back(std::move(variant));
  }
  return out;
}

Status write_images(const DiffuseOptions& options, const DenoiserModel& model,
                    const std::vector<DenoiseVariant>& variants) {
  if (options.out.empty()) return ok_status();
  std::error_code failure;
  std::filesystem::create_directories(options.out, failure);
  if (failure) return Error("cannot make folder " + options.out + ": " + failure.message());
  for (const DenoiseVariant& variant : variants) {
    std::vector<int64_t> extents = model.image_extents();
    extents[0] = options.seeds;
    const Tensor all = Tensor::make(DataType::kFloat, extents, [&](std::span<std::byte> to) {
      for (size_t k = 0; k < variant.images.size(); ++k)
        std::memcpy(to.data() + k * model.image_size() * sizeof(float), variant.images[k].data(),
                    model.image_size() * sizeof(float));
    });
    std::string name = variant.name;
    std::replace(name.begin(), name.end(), ' ', '_');
    KASURI_TRY([[maybe_unused]] const std::string file,
               profiling::write_output_file(options.out, name, RuntimeValue(all), "npy"));
  }
  return ok_status();
}

Status fit_predictor(const DiffuseOptions& options, const std::vector<DenoiseVariant>& variants,
                     const std::vector<int64_t>& labels, json& out) {
  if (options.fit_steps.empty()) return ok_status();
  std::vector<DenoiseVariant> fixed = {variants[0]};
  for (const DenoiseVariant& variant : variants)
    if (variant.name.rfind("fixed", 0) == 0) fixed.push_back(variant);
  KASURI_TRY(const auto predictor,
             profiling::fit_step_predictor(fixed, labels, options.wanted_ssim, options.covers));
  KASURI_RETURN_IF_ERROR(
      write_file_atomically(options.fit_steps, predictor.to_json().dump(1) + "\n"));
  out["predictor"] = predictor.to_json();
  return ok_status();
}

/// Fixed strides: those asked for, and the one that asks as often as the rule did.
Status add_strides(const DiffuseOptions& options, DenoiserModel& model,
                   const profiling::NoiseSchedule& schedule, const DenoiseStudy& study,
                   std::vector<DenoiseVariant>& variants, const TaskContext& task) {
  std::set<int64_t> strides(options.strides.begin(), options.strides.end());
  const int64_t steps = std::min<int64_t>(options.steps, std::ssize(schedule.alphas));
  if (options.skip_error > 0) {
    std::vector<DenoiseVariant> trial = {variants[1]};
    KASURI_RETURN_IF_ERROR(run_denoise_study(model, schedule, study, trial, task));
    strides.insert(profiling::stride_for(steps, trial[0].mean_evaluations()));
  }
  for (int64_t stride : strides) {
    DenoiseVariant variant;
    variant.name = fmt::format("stride {}", stride);
    variant.rule.steps = options.steps;
    variant.rule.stride = stride;
    variants.push_back(std::move(variant));
  }
  return ok_status();
}

Result<json> diffuse(const DiffuseOptions& options, const TaskContext& task) {
  if (!options.fit_steps.empty() && options.fixed.empty())
    return Error("--fit-steps learns from runs of --fixed; give some step counts");
  KASURI_TRY(const auto schedule, profiling::read_schedule(options.schedule));
  DenoiseStudy study;
  KASURI_TRY(study.sampler, profiling::sampler_called(options.sampler));
  study.guidance = options.guidance < 0 ? schedule.guidance : options.guidance;
  study.seed = options.common->seed;
  if (study.guidance != 1 && schedule.null_class < 0)
    return Error(options.schedule + " names no null_class; guidance needs it (or --guidance 1)");
  KASURI_TRY(const auto model, open_denoiser(options, study.guidance, task));
  KASURI_TRY(study.noise, starting_noise(options, *model));
  study.labels = labels_of(options);
  KASURI_TRY(auto variants, variants_of(options, study.labels));
  KASURI_RETURN_IF_ERROR(add_strides(options, *model, schedule, study, variants, task));
  KASURI_RETURN_IF_ERROR(run_denoise_study(*model, schedule, study, variants, task));
  json out = {{"kind", "diffuse"},
              {"model", options.common->model},
              {"schedule", options.schedule},
              {"sampler", options.sampler},
              {"guidance", study.guidance},
              {"seeds", options.seeds},
              {"seed", options.common->seed},
              {"labels", study.labels},
              {"recipe", options.common->passes},
              {"threads", options.common->threads},
              {"ways", json::array()}};
  for (const DenoiseVariant& variant : variants) out["ways"].push_back(variant.to_json());
  const profiling::StepVerdict verdict = profiling::judge_steps(variants, 1);
  out["verdict"] = verdict.text();
  out["rival"] = verdict.to_json();
  KASURI_RETURN_IF_ERROR(fit_predictor(options, variants, study.labels, out));
  KASURI_RETURN_IF_ERROR(write_images(options, *model, variants));
  out["command"] = options.command;
  if (!options.html.empty())
    KASURI_RETURN_IF_ERROR(write_file_atomically(
        options.html, profiling::html_dynamic({{"dynamic", json::array({out})}})));
  return out;
}

void print_study(const json& out) {
  fmt::print("{:<14}{:>12}{:>10}{:>10}{:>10}{:>14}{:>10}\n", "", "evaluations", "ms", "PSNR",
             "SSIM", "worst tenth", "x");
  const double mine = out["ways"][1]["ms"].get<double>();
  for (const json& way : out["ways"])
    fmt::print("{:<14}{:>12.1f}{:>10.2f}{:>10.2f}{:>10.4f}{:>14.4f}{:>10.2f}\n",
               way["name"].get<std::string>(), way["evaluations"].get<double>(),
               way["ms"].get<double>(), way["psnr"].get<double>(), way["ssim"].get<double>(),
               way["worst_tenth_ssim"].get<double>(), way["ms"].get<double>() / mine);
  fmt::print(
      "PSNR and SSIM against '{}', means over {} seeds; x: time beside the steps asked for\n",
      out["ways"][0]["name"].get<std::string>(), out["seeds"].get<int64_t>());
  fmt::print("{}\n{}\n", out["verdict"].get<std::string>(), out["command"].get<std::string>());
}

}  // namespace

void add_diffuse_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("diffuse", "Denoise images, with as many steps as each one needs");
  auto options = add_diffuse_options(*command, invocation);
  command->callback([&invocation, options] {
    options->command = reproducing_command();
    invocation.action = [options](const TaskContext& task) -> Result<int> {
      KASURI_TRY(const json out, diffuse(*options, task));
      end_progress();
      if (options->common->json)
        fmt::print("{}\n", out.dump(1));
      else
        print_study(out);
      return kDone;
    };
  });
}

}  // namespace kasuri::cli
