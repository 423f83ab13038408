#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/onnx/seeded_values.h"

namespace kasuri::profiling {

/// How an input's values are made up, and the name that seeds its stream.
struct InputRule {
  SeededRule values;
  std::string stream;
};

/// The rule of an input nobody chose: floats uniform in [-1, 1), bool 0 or 1, integers 0..7; ones
/// for a "mask", zeros for "token_type" and "segment", the index for "position". A seed other than
/// 0 changes the stream.
InputRule default_rule(const std::string& input_name, DataType dtype, uint64_t seed = 0);
/// "seed:7", "range:LO:HI", "mod:K[:ADD]", "const:V", "arange". Errors: not a rule, not a number.
Result<InputRule> parse_rule(std::string_view text, const std::string& input_name, DataType dtype);
bool looks_like_rule(std::string_view text);

}  // namespace kasuri::profiling
