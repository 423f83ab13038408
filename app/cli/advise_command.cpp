#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/common_options.h"
#include "app/cli/poc_checklist.h"
#include "app/cli/progress_bar.h"
#include "app/cli/report_options.h"
#include "profiling/advise.h"
#include "profiling/export/units.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

struct AdviseOptions {
  CommonOptionsPointer common;
  profiling::WorkLoad load;
};

void print_estimate(const char* name, const json& estimate) {
  fmt::print("  {:<10} ≈ {:>8} ms   arena {:>10}   {} kernels\n", name,
             profiling::number_text(estimate["estimate_ms"].get<double>()),
             profiling::bytes_text(estimate["arena_bytes"].get<int64_t>()),
             estimate["kernels"].get<int64_t>());
}

/// No estimate is finer than a microsecond.
std::string signed_ms(double ms) {
  constexpr double kNothing = 0.001;
  return std::abs(ms) < kNothing ? "same" : profiling::signed_text(ms) + " ms";
}

void print_advice(const json& advice) {
  print_estimate("before", advice["before"]);
  for (const json& pass : advice["passes"])
    fmt::print("    {:<10} {:>11}   arena {:>10}   {:+} kernels   {} sites\n",
               pass["name"].get<std::string>(), signed_ms(pass["estimate_ms"].get<double>()),
               profiling::bytes_text(pass["arena_bytes"].get<int64_t>()),
               pass["kernels"].get<int64_t>(), pass["applied"].get<int>());
  print_estimate("after", advice["after"]);
  fmt::print("{}: {}\n", advice["advice"].get<std::string>(), advice["why"].get<std::string>());
  const json& payback = advice["payback"];
  if (!payback.is_object()) return;
  if (payback["days"].is_number())
    fmt::print("payback: saves {:.2f} per day; an effort of {:.2f} is paid after {:.0f} days\n",
               payback["saved_per_day"].get<double>(), payback["effort"].get<double>(),
               payback["days"].get<double>());
  else
    fmt::print("payback: nothing is saved\n");
  if (payback["machines_before"].is_number())
    fmt::print("machines: {:.0f} -> {:.0f}\n", payback["machines_before"].get<double>(),
               payback["machines_after"].get<double>());
}

Result<int> advise_model(const AdviseOptions& options, const TaskContext& context) {
  KASURI_TRY(const auto model, model_request(*options.common));
  profiling::AdviceRequest request;
  request.recipe = options.common->passes;
  KASURI_TRY(request.plan, plan_request(*options.common));
  if (is_given(options.load)) request.load = options.load;
  profiling::KasuriSession session;
  KASURI_RETURN_IF_ERROR(session.open(model, context));
  KASURI_TRY(json advice, profiling::advise(session, request, context));
  end_progress();
  advice["checklist"] =
      poc_checklist(advice, !options.common->inputs.empty(), is_given(options.load));
  if (options.common->json) {
    fmt::print("{}\n", advice.dump(1));
  } else {
    print_advice(advice);
    print_checklist(advice["checklist"], options.common->model);
  }
  return kDone;
}

}  // namespace

void add_advise_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "advise", "Estimate what each pass would bring, before any long measurement");
  auto options = std::make_shared<AdviseOptions>();
  options->common = add_common_options(*command, invocation);
  add_load_options(*command, options->load);
  command->callback([&invocation, options] {
    invocation.action = [options](const TaskContext& context) {
      return advise_model(*options, context);
    };
  });
}

}  // namespace kasuri::cli
