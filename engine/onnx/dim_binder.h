#pragma once

#include "engine/onnx/importer.h"

namespace kasuri::onnx {

/// Gives every dynamic dimension of the inputs its number. Order of precedence: "INPUT:AXIS",
/// the symbol's name, a sum or product of symbols that have numbers ("past + 1"), the default.
class DimBinder {
 public:
  explicit DimBinder(const ImportOptions& options) : options_(options) {}

  /// The static type of one input. Errors: a number asked for that the file contradicts, or < 0.
  Result<ValueType> bind(const std::string& input, const ValueType& declared);
  /// Errors when `options.dims` names something the model does not have.
  Status finish() const;
  const std::vector<DimBinding>& bindings() const { return bindings_; }

 private:
  Result<Dim> bind_axis(const std::string& input, int axis, const Dim& declared);
  std::optional<int64_t> evaluate(const std::string& expression) const;

  const ImportOptions& options_;
  std::vector<DimBinding> bindings_;
  std::map<std::string, bool> used_;
};

}  // namespace kasuri::onnx
