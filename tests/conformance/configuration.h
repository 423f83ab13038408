#pragma once

#include <array>
#include <string>

#include "tests/conformance/node_case.h"

namespace kasuri::testing {

/// A column of the table: what runs the cases, and how they are rewritten before.
struct Configuration {
  const char* backend;  ///< "reference" or "cpu"
  const char* recipe;   ///< "raw": the imported graph as it is, or a recipe of passes

  std::string name() const { return std::string(backend) + " " + recipe; }
};

constexpr std::array<Configuration, 6> kConfigurations = {{{"reference", "raw"},
                                                           {"reference", "default"},
                                                           {"reference", "all"},
                                                           {"cpu", "none"},
                                                           {"cpu", "default"},
                                                           {"cpu", "all"}}};
constexpr size_t kColumns = kConfigurations.size();

/// How one case went in one configuration.
struct Outcome {
  Status status = Done{};
  bool by_property = false;  ///< Random: held against what must be true of any draw.
  int kernels = 0;           ///< Steps that ran compiled code.
};

using Outcomes = std::array<Outcome, kColumns>;

/// Runs one case in every configuration. An internal error is an outcome too.
Outcomes run_case(const NodeCase& node_case);

}  // namespace kasuri::testing
