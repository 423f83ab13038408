#pragma once

#include <string>
#include <vector>

#include "tests/conformance/node_case.h"

namespace kasuri::testing {

/// A row of the table: what runs the cases, and how they are rewritten before.
struct Configuration {
  std::string backend;  ///< "reference" or "cpu"
  std::string recipe;   ///< "raw": the imported graph as it is, or a recipe of passes

  /// All inputs but the first are constants of the model, as files of exporters have them: forms
  /// that need to know shapes, axes and scales then run on kernels. First data set only.
  bool constants = false;

  std::string name() const { return backend + " " + recipe + (constants ? " const" : ""); }
};

/// The reference backend raw, with default and all passes; the cpu backend with none, default, all,
/// none and default with constants, and every pass alone.
const std::vector<Configuration>& configurations();

/// How one case went in one configuration.
struct Outcome {
  Status status = Done{};
  bool by_property = false;  ///< Random: held against what must be true of any draw.
  int kernels = 0;           ///< Steps that ran compiled code.
};

using Outcomes = std::vector<Outcome>;  ///< One per configuration, in their order.

/// Runs one case in every configuration. An internal error is an outcome too.
Outcomes run_case(const NodeCase& node_case);

}  // namespace kasuri::testing
