#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/runtime_value.h"

namespace kasuri::testing {

/// What must hold of the outputs of a random operator whatever is drawn.
using RandomProperty = std::function<Status(const std::vector<RuntimeValue>& inputs,
                                            const std::vector<RuntimeValue>& outputs)>;

/// For a case whose stated outputs depend on the random generator; null for any other.
///
/// Bernoulli: every element is 0 or 1, never 1 where p is 0, and the number of ones lies within
/// five deviations of the sum of p. Training dropout: every element is 0 or x / (1 - ratio), the
/// mask says which, and the number of kept ones lies within five deviations of its mean. Types and
/// extents are those the case states.
const RandomProperty* random_property(const std::string& case_name);

}  // namespace kasuri::testing
