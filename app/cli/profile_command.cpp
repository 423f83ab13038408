#include "app/cli/invocation.h"
namespace kasuri::cli {
void add_profile_command(CLI::App&, Invocation&) {}
void add_compare_command(CLI::App&, Invocation&) {}
void add_optimize_command(CLI::App&, Invocation&) {}
}
