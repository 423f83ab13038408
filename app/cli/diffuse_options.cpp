#include "app/cli/diffuse_options.h"

namespace kasuri::cli {

std::shared_ptr<DiffuseOptions> add_diffuse_options(CLI::App& command, Invocation& invocation) {
  auto o = std::make_shared<DiffuseOptions>();
  o->common = add_common_options(command, invocation);
  without(command, {"--input", "--synthesize-weights"});
  command.add_option("--schedule", o->schedule, "The noise schedule, JSON with alphas_cumprod")
      ->required();
  command.add_option("--sampler", o->sampler, "ddim, ddpm or euler")
      ->check(CLI::IsMember({"ddim", "ddpm", "euler"}));
  command.add_option("--steps", o->steps, "Steps of the schedule (200)")
      ->check(CLI::Range(1, 100000));
  command.add_option("--full-steps", o->full_steps, "Steps of the result it is measured by (200)")
      ->check(CLI::Range(1, 100000));
  command.add_option("--fixed", o->fixed, "Fixed step counts to compare with")
      ->check(CLI::Range(1, 100000));
  command
      .add_option("--strides", o->strides,
                  "Compare with asking every so many steps, lines in between; one that costs as "
                  "much as --skip-error is always compared with")
      ->check(CLI::Range(1, 10000));
  command
      .add_option("--skip-error", o->skip_error,
                  "Skip the network while the preview follows a line up to this relative error")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--longest-stride", o->longest, "Steps without the network at most (24)")
      ->check(CLI::Range(1, 10000));
  command
      .add_option("--stop-change", o->stop_change,
                  "Stop when the preview changes less than this, relative")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--stop-ssim", o->stop_ssim, "And two previews are as similar as this")
      ->check(CLI::Range(0.0, 1.0));
  command.add_option("--seeds", o->seeds, "Images (4)")->check(CLI::Range(1, 1000000));
  command.add_option("--labels", o->labels, "Labels, in turn");
  command.add_option("--classes", o->classes, "Go through labels 0 to N - 1")
      ->check(CLI::Range(1, 1 << 20));
  command.add_option("--guidance", o->guidance, "Scale of classifier-free guidance; 1: none")
      ->check(CLI::Range(0.0, 1000.0));
  command.add_option("--fit-steps", o->fit_steps,
                     "Fit a step predictor to these runs of --fixed and write it to FILE.json");
  command.add_option("--predict-steps", o->predict_steps, "Choose the steps by this predictor too");
  command.add_option("--wanted-ssim", o->wanted_ssim, "For --fit-steps (0.98)");
  command.add_option("--covers", o->covers, "Share of the runs whose need is met (0.5)")
      ->check(CLI::Range(0.0, 1.0));
  command.add_option("--noise", o->noise, "Starting noise, .npy [seeds, ...]; else from --seed");
  command.add_option("--out", o->out, "Folder for the images, one .npy per way");
  command.add_option("--report", o->html, "HTML file: quality beside cost, the plain ways too");
  command.add_option("--sample-input", o->sample_input, "Input for the noisy image");
  command.add_option("--timestep-input", o->timestep_input, "Input for the timestep");
  command.add_option("--label-input", o->label_input, "Input for the label");
  command.add_option("--prediction-output", o->output, "Output with the prediction");
  return o;
}

}  // namespace kasuri::cli
