#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/runtime_value.h"
#include "profiling/fidelity/tolerance.h"

namespace kasuri::profiling {

enum class FidelityVerdict { kEqual, kWithinTolerance, kBroken, kUnchecked };
const char* name_of(FidelityVerdict verdict);

/// One output against its reference.
struct OutputDifference {
  std::string name;
  FidelityVerdict verdict = FidelityVerdict::kUnchecked;
  double max_abs = 0;  ///< Over elements finite on both sides.
  double max_rel = 0;  ///< |a - b| / max(|b|, 1e-3 of the largest |b|)
  double largest = 0;  ///< Largest finite |b|.
  double cosine = 1;
  std::optional<double> sqnr_db;  ///< Empty: no difference, or no numbers.
  std::optional<double>
      argmax_agreement;             ///< Share of rows (last axis) with the same largest entry.
  int worst_sample = 0;             ///< Of several samples, the one with max_abs.
  double smallest_max_abs = 1e300;  ///< Of several samples, the least max_abs; the spread.
  std::string why;                  ///< In words when broken or unchecked.
};

OutputDifference compare_output(const std::string& name, const RuntimeValue& reference,
                                const RuntimeValue& got, const Tolerance& tolerance);

struct FidelityResult {
  std::vector<OutputDifference> outputs;
  FidelityVerdict verdict = FidelityVerdict::kUnchecked;  ///< The worst of the outputs.
  std::string why;
};
/// Every output of the reference; one that is missing is broken.
FidelityResult compare_outputs(const std::map<std::string, RuntimeValue>& reference,
                               const std::map<std::string, RuntimeValue>& got,
                               const Tolerance& tolerance);

/// The elements of a numeric tensor as doubles; empty optional for strings and complex types.
std::optional<std::vector<double>> numbers_of(const Tensor& tensor);

}  // namespace kasuri::profiling
