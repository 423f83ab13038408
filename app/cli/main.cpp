#include <fmt/format.h>
#include <stdio.h>

#include <exception>

#include "app/cli/interrupt.h"
#include "app/cli/invocation.h"
#include "app/cli/licenses.h"
#include "app/cli/progress_bar.h"
#include "profiling/worker/frame.h"

namespace kasuri::cli {
namespace {

int report(const Result<int>& result) {
  end_progress();
  if (result.ok()) return *result;
  const Error& error = result.error();
  const bool ours = error.kind() == ErrorKind::kInternal;
  fmt::print(stderr, "kasuri: {}{}\n", ours ? "internal error: " : "", error.text());
  return profiling::exit_code_of(error);
}

int run_action(const Invocation& invocation) {
  TaskContext context;
  context.on_progress = make_progress(invocation.quiet, invocation.json_progress);
  cancel_on_interrupt(context.cancel);
  try {
    return report(invocation.action(context));
  } catch (const std::bad_alloc&) {
    return report(Error::unavailable("out of memory"));
  } catch (const std::exception& bug) {
    return report(Error(bug.what(), ErrorKind::kInternal));
  }
}

int parse_and_run(int argc, char** argv) {
  CLI::App app("kasuri: profile ONNX models and rewrite how they run");
  app.name("kasuri");
  Invocation invocation;
  bool version = false, licenses = false;
  app.add_flag("--version", version, "Print the version");
  app.add_flag("--licenses", licenses, "List third-party parts and their licences");
  add_inspect_command(app, invocation);
  add_run_command(app, invocation);
  add_optimize_command(app, invocation);
  add_profile_command(app, invocation);
  add_compare_command(app, invocation);
  add_search_command(app, invocation);
  add_sweep_command(app, invocation);
  add_extract_command(app, invocation);
  add_advise_command(app, invocation);
  add_early_exit_command(app, invocation);
  add_report_command(app, invocation);
  add_passes_command(app, invocation);
  add_generate_command(app, invocation);
  add_diffuse_command(app, invocation);
  add_devices_command(app, invocation);
  add_worker_command(app, invocation);
  app.require_subcommand(0, 1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& wrong) {
    app.exit(wrong);
    return kUsage;
  }
  if (version || licenses) {
    print_version(licenses);
    return kDone;
  }
  if (!invocation.action) {
    fmt::print(stderr, "{}", app.help());
    return kUsage;
  }
  return run_action(invocation);
}

}  // namespace
}  // namespace kasuri::cli

int main(int argc, char** argv) {
  kasuri::cli::restart_with_passive_openmp(argv);
  return kasuri::cli::parse_and_run(argc, argv);
}
