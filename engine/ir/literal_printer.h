#pragma once

#include <optional>
#include <string>

#include "engine/ir/attribute.h"
#include "engine/ir/seeded_weights.h"

namespace kasuri::text {

std::string quoted(std::string_view text);
/// %name, or %"name" when it needs quotes.
std::string value_name(std::string_view name);
/// A word (operator, domain, attribute), quoted where it would not read back as one.
std::string word(std::string_view text);
std::string type_text(const ValueType& type);
/// Shortest decimal form that reads back to the same bits, always with '.', 'e' or a word.
std::string real_text(float value);

/// dtype, extents and contents; `name` and `use` let a constant that follows the seed rule say so.
struct TensorStyle {
  int64_t max_elements = -1;
  std::string name;
  std::optional<WeightUse> use;
};
std::string tensor_text(const Tensor& tensor, const TensorStyle& style);

}  // namespace kasuri::text
