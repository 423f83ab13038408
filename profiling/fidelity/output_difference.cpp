#include "profiling/fidelity/output_difference.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "profiling/fidelity/numbers.h"

namespace kasuri::profiling {
namespace {

struct Sums {
  double dot = 0, left = 0, right = 0, noise = 0, largest = 0;
  int64_t wrong_special = 0;  ///< Not finite on one side, or differently so.
};

bool same_special(double a, double b) { return (std::isnan(a) && std::isnan(b)) || a == b; }

Sums sum_up(const std::vector<double>& reference, const std::vector<double>& got,
            OutputDifference& difference) {
  Sums sums;
  for (double value : reference)
    if (std::isfinite(value)) sums.largest = std::max(sums.largest, std::fabs(value));
  for (size_t i = 0; i < reference.size(); ++i) {
    const double b = reference[i], a = got[i];
    if (!std::isfinite(a) || !std::isfinite(b)) {
      sums.wrong_special += !same_special(a, b);
      continue;
    }
    const double gap = std::fabs(a - b);
    difference.max_abs = std::max(difference.max_abs, gap);
    const double scale = std::max(std::fabs(b), 1e-3 * sums.largest);
    if (scale > 0) difference.max_rel = std::max(difference.max_rel, gap / scale);
    sums.dot += a * b;
    sums.left += a * a;
    sums.right += b * b;
    sums.noise += gap * gap;
  }
  return sums;
}

double argmax_share(const std::vector<double>& reference, const std::vector<double>& got,
                    size_t row) {
  size_t rows = 0, agree = 0;
  for (size_t start = 0; start + row <= reference.size(); start += row, ++rows) {
    const auto at = static_cast<ptrdiff_t>(start), end = static_cast<ptrdiff_t>(start + row);
    agree +=
        std::max_element(reference.begin() + at, reference.begin() + end) - reference.begin() ==
        std::max_element(got.begin() + at, got.begin() + end) - got.begin();
  }
  return rows == 0 ? 1 : static_cast<double>(agree) / static_cast<double>(rows);
}

void judge_numbers(const Tensor& reference, const Tensor& got, const Tolerance& tolerance,
                   OutputDifference& difference) {
  const auto left = numbers_of(reference), right = numbers_of(got);
  if (!left || !right) {
    difference.verdict = FidelityVerdict::kBroken;
    difference.why = "differs";
    return;
  }
  const Sums sums = sum_up(*left, *right, difference);
  difference.largest = sums.largest;
  if (sums.left > 0 && sums.right > 0)
    difference.cosine = sums.dot / (std::sqrt(sums.left) * std::sqrt(sums.right));
  if (sums.noise > 0 && sums.right > 0)
    difference.sqnr_db = 10 * std::log10(sums.right / sums.noise);
  const auto row = reference.extents().empty() ? 0 : reference.extents().back();
  if (row > 1) difference.argmax_agreement = argmax_share(*left, *right, static_cast<size_t>(row));
  const bool exact = !is_float(reference.dtype());
  const double allowed = exact ? 0 : tolerance.relative * sums.largest + tolerance.absolute;
  if (sums.wrong_special == 0 && difference.max_abs <= allowed) {
    difference.verdict = FidelityVerdict::kWithinTolerance;
    return;
  }
  difference.verdict = FidelityVerdict::kBroken;
  difference.why =
      sums.wrong_special > 0
          ? fmt::format("{} elements are not finite on one side only", sums.wrong_special)
          : fmt::format("differs by {:.2e}, allowed {:.2e}", difference.max_abs, allowed);
}

void judge_tensors(const Tensor& reference, const Tensor& got, const Tolerance& tolerance,
                   OutputDifference& difference) {
  if (reference.dtype() != got.dtype() || reference.extents() != got.extents()) {
    difference.verdict = FidelityVerdict::kBroken;
    difference.why = fmt::format("is {}[{}], the reference {}[{}]", name_of(got.dtype()),
                                 fmt::join(got.extents(), ","), name_of(reference.dtype()),
                                 fmt::join(reference.extents(), ","));
    return;
  }
  const bool equal = reference.dtype() == DataType::kString
                         ? reference.strings() == got.strings()
                         : std::equal(reference.bytes().begin(), reference.bytes().end(),
                                      got.bytes().begin(), got.bytes().end());
  if (equal) {
    difference.verdict = FidelityVerdict::kEqual;
    if (!reference.extents().empty() && reference.extents().back() > 1)
      difference.argmax_agreement = 1;
    return;
  }
  judge_numbers(reference, got, tolerance, difference);
}

}  // namespace

const char* name_of(FidelityVerdict verdict) {
  switch (verdict) {
    case FidelityVerdict::kEqual:
      return "equal";
    case FidelityVerdict::kWithinTolerance:
      return "within_tolerance";
    case FidelityVerdict::kBroken:
      return "broken";
    case FidelityVerdict::kUnchecked:
      return "unchecked";
  }
  return "unchecked";
}

OutputDifference compare_output(const std::string& name, const RuntimeValue& reference,
                                const RuntimeValue& got, const Tolerance& tolerance) {
  OutputDifference difference;
  difference.name = name;
  if (reference.is_tensor() && got.is_tensor()) {
    judge_tensors(reference.tensor(), got.tensor(), tolerance, difference);
    return difference;
  }
  const bool both_sequences = reference.is_sequence() && got.is_sequence();
  if (both_sequences && reference.items().size() == got.items().size()) {
    difference.verdict = FidelityVerdict::kEqual;
    for (size_t i = 0; i < got.items().size(); ++i) {
      const auto item = compare_output(name, reference.items()[i], got.items()[i], tolerance);
      if (item.verdict > difference.verdict) difference = item;
    }
    return difference;
  }
  const bool both_absent = !reference.present() && !got.present();
  difference.verdict = both_absent ? FidelityVerdict::kEqual : FidelityVerdict::kBroken;
  if (!both_absent) difference.why = "has another structure than the reference";
  return difference;
}

FidelityResult compare_outputs(const std::map<std::string, RuntimeValue>& reference,
                               const std::map<std::string, RuntimeValue>& got,
                               const Tolerance& tolerance) {
  FidelityResult result;
  result.verdict = FidelityVerdict::kEqual;
  for (const auto& [name, value] : reference) {
    const auto found = got.find(name);
    OutputDifference difference;
    if (found != got.end()) {
      difference = compare_output(name, value, found->second, tolerance);
    } else {
      difference = {.name = name, .verdict = FidelityVerdict::kBroken, .why = "is missing"};
    }
    if (difference.verdict > result.verdict) {
      result.verdict = difference.verdict;
      result.why =
          difference.why.empty() ? "" : fmt::format("output '{}' {}", name, difference.why);
    }
    result.outputs.push_back(std::move(difference));
  }
  return result;
}

}  // namespace kasuri::profiling
