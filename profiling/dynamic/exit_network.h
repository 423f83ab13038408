#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/exec/executor.h"
#include "profiling/dynamic/exit_attach.h"
#include "profiling/dynamic/exit_segments.h"
#include "profiling/runtimes/kasuri_session.h"

namespace kasuri::profiling {

/// A model to be run with early exits, and how its parts are planned.
struct ExitRequest {
  ModelRequest model;
  std::string recipe = "default";
  PlanRequest plan;
  std::vector<std::string> exits;  ///< Names; empty: found, or the heads attached.
  std::string final_name;          ///< The full model's scores; empty: the deepest output.
};

/// The model at any batch size, with its exits; graphs are made when asked for.
class ExitNetwork {
 public:
  static Result<ExitNetwork> open(ExitRequest request, const TaskContext& context);

  /// With these heads besides; with any attached, exits of the model itself are not looked for.
  void attach(std::vector<AttachedHead> heads) { attached_ = std::move(heads); }
  /// Only these exits of the model, besides the full model's scores.
  void use_exits(std::vector<std::string> names, std::string final_name) {
    request_.exits = std::move(names);
    request_.final_name = std::move(final_name);
  }
  const std::vector<AttachedHead>& attached() const { return attached_; }

  /// Imported, types inferred, heads attached.
  Result<Graph> graph(int64_t batch) const;
  Result<std::vector<ValueId>> exits(const Graph& graph) const;
  Result<std::vector<ExitSegment>> segments(int64_t batch) const;
  /// The model without exits: what an input that never leaves would cost.
  Result<Graph> full(int64_t batch) const;

  const ExitRequest& request() const { return request_; }
  const ImportedModel& imported() const { return *imported_; }
  /// 0: any; else the only batch size the file allows.
  int64_t fixed_batch() const { return fixed_batch_; }

 private:
  ExitRequest request_;
  std::vector<AttachedHead> attached_;
  std::shared_ptr<const ImportedModel> imported_;  // at batch 1, or the fixed one
  int64_t fixed_batch_ = 0;
};

/// A graph through passes and planner, ready to run; in the space of others, if given.
Result<std::unique_ptr<Executor>> prepare_graph(const Graph& graph, const ExitRequest& request,
                                                const TaskContext& context,
                                                std::shared_ptr<ExecutorSpace> space = nullptr);

}  // namespace kasuri::profiling
