#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine/ir/runtime_value.h"
#include "profiling/comparison.h"
#include "profiling/side.h"
#include "profiling/worker/worker_client.h"

namespace kasuri::profiling {

/// What every side of one comparison runs.
struct SideTask {
  std::string model_path;
  bool synthesize_weights = false;
  const std::map<std::string, RuntimeValue>* inputs = nullptr;
  /// Samples that blocks rotate through, if more than one.
  const std::vector<std::map<std::string, RuntimeValue>>* samples = nullptr;
  std::string control_group;  ///< Folder of the group the process joins before it starts.
  std::string step_note;      ///< File that names the step in flight (crash_note.h).
};

/// One side as a live worker process, from start to warm. Each call keeps the worker's answer.
class SideWorker : public TimedSide {
 public:
  static Result<std::unique_ptr<SideWorker>> start(const SideSpec& spec, const SideTask& task,
                                                   const TaskContext& context);
  const std::string& name() const override { return spec_.name; }
  const SideSpec& spec() const { return spec_; }

  /// open, optimize, plan, bind.
  Status prepare(const TaskContext& context);
  /// Other passes for the same open model: optimize, plan, bind.
  Status replan(const std::string& passes, const TaskContext& context);
  Status warm_up(double max_seconds, const TaskContext& context);
  Result<std::vector<double>> run_block(int iterations, const TaskContext& context) override;
  /// The side's streams at the same time for so long; the worker's answer to run_streams.
  Result<nlohmann::json> run_streams(double seconds, const TaskContext& context);
  Result<std::map<std::string, RuntimeValue>> outputs(const TaskContext& context);
  Result<Frame> memory(const TaskContext& context);
  /// Other inputs for the runs that follow.
  Status bind(const std::map<std::string, RuntimeValue>& inputs, const TaskContext& context);
  /// Writes the plan in use, where the worker runs.
  Status export_plan(const std::string& path, const TaskContext& context);

  // Answers of the protocol, null objects until asked.
  const nlohmann::json& hello() const { return *hello_; }
  const nlohmann::json& rewrite() const { return *rewrite_; }
  const nlohmann::json& plan() const { return *plan_; }
  const nlohmann::json& warm() const { return *warm_; }
  double open_ms() const { return open_ms_; }

 private:
  using Answer = std::shared_ptr<const nlohmann::json>;
  SideWorker(SideSpec spec, SideTask task, std::unique_ptr<WorkerClient> client);
  Result<Answer> ask(const nlohmann::json& fields, const TaskContext& context,
                     const std::vector<std::string>& blobs = {});
  Result<Answer> open(const TaskContext& context);
  bool rotates() const { return task_.samples != nullptr && task_.samples->size() > 1; }
  Status bind_next_sample(const TaskContext& context);

  SideSpec spec_;
  SideTask task_;
  std::unique_ptr<WorkerClient> client_;
  Answer hello_, rewrite_, plan_, warm_;
  double open_ms_ = 0;
  size_t block_ = 0;
};

/// From process start to the first results, in a process of its own.
Result<double> measure_cold_start(const SideSpec& spec, const SideTask& task,
                                  const TaskContext& context);

/// Peak memory of a side measured in a process of its own: prepare, three runs, or as many streams
/// as the side has, ask. `settings` are those the live side chose.
Result<Frame> measure_memory(const SideSpec& spec, const SideTask& task,
                             const TaskContext& context);

}  // namespace kasuri::profiling
