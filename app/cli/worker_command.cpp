#include "app/cli/invocation.h"
#include "profiling/worker/server.h"

namespace kasuri::cli {

void add_worker_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("worker", "Serve one side over stdin and stdout");
  command->callback([&invocation] {
    invocation.quiet = true;
    invocation.action = [](const TaskContext&) -> Result<int> { return profiling::serve_worker(); };
  });
}

}  // namespace kasuri::cli
