#pragma once

#include <unistd.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "profiling/runtimes/kasuri_session.h"

namespace kasuri::testing {

/// How to run a graph, and with what.
struct HostileRun {
  std::string recipe = "default";
  std::string backend = "cpu";
  int64_t memory_limit = 0;
  std::vector<profiling::InputChoice> inputs;
};

/// From the text of a graph to its outputs, as the command line does it. What is thrown counts as
/// our own fault.
inline Status run_text(const std::string& text, const HostileRun& how,
                       const TaskContext& task = {}) {
  static int number = 0;
  const std::string path =
      (std::filesystem::temp_directory_path() /
       ("kasuri_hostile_" + std::to_string(::getpid()) + "_" + std::to_string(number++) + ".ktxt"))
          .string();
  std::ofstream(path) << text;
  const auto run = [&]() -> Status {
    profiling::KasuriSession session;
    KASURI_RETURN_IF_ERROR(session.open({.path = path}, task));
    KASURI_RETURN_IF_ERROR(session.optimize(how.recipe, task));
    profiling::PlanRequest plan;
    plan.backend = how.backend;
    plan.memory_limit = how.memory_limit;
    KASURI_RETURN_IF_ERROR(session.make_plan(plan, task));
    profiling::InputRequest inputs;
    inputs.choices = how.inputs;
    KASURI_RETURN_IF_ERROR(session.bind(inputs));
    return session.run(task);
  };
  try {
    Status status = run();
    std::filesystem::remove(path);
    return status;
  } catch (const std::exception& e) {
    std::filesystem::remove(path);
    return Error(std::string("thrown: ") + e.what(), ErrorKind::kInternal);
  }
}

/// A graph of the given lines around one output %y.
inline std::string graph_text(const std::string& lines, int opset = 18) {
  return "graph \"hostile\" {\n  opset \"\" " + std::to_string(opset) + "\n" + lines +
         "\n  output \"y\" = %y\n}\n";
}

}  // namespace kasuri::testing
