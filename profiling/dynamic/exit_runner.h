#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "profiling/dynamic/exit_network.h"
#include "profiling/dynamic/exit_table.h"
#include "profiling/dynamic/exit_travellers.h"
#include "profiling/dynamic/labelled_data.h"

namespace kasuri::profiling {

/// What a batch got: class scores, and the exit each sample left at.
struct ExitAnswer {
  Tensor scores;              ///< float32 [samples, classes]
  std::vector<size_t> exits;  ///< By sample.
};

/// Memory of one part, as planned; `entered` is false while nothing of it was touched.
struct PartMemory {
  std::string head;
  bool entered = false;
  int64_t weights_bytes = 0, arena_bytes = 0;
};

/// Runs a model part by part. A part is planned when it is first entered with so many samples (or
/// by prepare()), so that weights and arena of later parts are untouched until then. Samples that
/// stay are gathered and go on together. One run at a time.
class ExitRunner {
 public:
  explicit ExitRunner(std::shared_ptr<const ExitNetwork> network);
  ~ExitRunner();

  /// Plans all parts and the full model for up to `batch` samples.
  Status prepare(int64_t batch, const TaskContext& context);

  /// Errors: inputs that do not fit, whatever a run can fail with. `uncertainty`, if given: of the
  /// exit each sample left at (-1 at the last).
  Result<ExitAnswer> run(const NamedTensors& inputs, const ExitPolicy& policy,
                         const TaskContext& context);
  /// The same by the full model's own plan: the fallback.
  Result<ExitAnswer> run_full(const NamedTensors& inputs, const TaskContext& context);
  /// Scores of all exits for all samples, `batch` at a time.
  Result<ExitTable> tabulate(const LabelledData& data, int64_t batch, const TaskContext& context);

  /// Median time of every part (judging included) and of the full model, in milliseconds.
  struct Costs {
    std::vector<double> part_ms;
    double full_ms = 0;
    /// By exit: all parts up to it, relative to the full model.
    std::vector<double> reaching() const;
  };
  Result<Costs> measure_costs(const NamedTensors& inputs, int runs, const TaskContext& context);

  std::vector<PartMemory> memory() const;
  size_t exits() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kasuri::profiling
