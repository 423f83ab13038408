#include "profiling/export/json_kinds.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace kasuri::profiling {
namespace {

using nlohmann::json;

bool is_kind(const json& value, char kind) {
  switch (kind) {
    case 's':
      return value.is_string();
    case 'n':
      return value.is_number();
    case 'b':
      return value.is_boolean();
    default:
      return value.is_object();
  }
}

Status check_object(const json& value, const json& wanted, const std::string& place) {
  if (value.is_null() && wanted.contains("?")) return Done{};
  if (!value.is_object()) return Error(fmt::format("'{}' is not an object", place));
  for (const auto& [key, part] : wanted.items()) {
    if (key == "?") continue;
    const std::string inside = place.empty() ? key : place + "/" + key;
    if (!value.contains(key)) return Error(fmt::format("'{}' is missing", inside));
    KASURI_RETURN_IF_ERROR(check_kinds(value[key], part, inside));
  }
  return Done{};
}

}  // namespace

Status check_kinds(const json& value, const json& wanted, const std::string& place) {
  if (wanted.is_object()) return check_object(value, wanted, place);
  if (wanted.is_array()) {
    if (!value.is_array()) return Error(fmt::format("'{}' is not a list", place));
    for (size_t i = 0; i < value.size(); ++i)
      KASURI_RETURN_IF_ERROR(check_kinds(value[i], wanted[0], fmt::format("{}/{}", place, i)));
    return Done{};
  }
  const auto& kind = wanted.get_ref<const std::string&>();
  if (value.is_null() && kind.ends_with('?')) return Done{};
  if (!is_kind(value, kind.front())) return Error(fmt::format("'{}' is of the wrong kind", place));
  return Done{};
}

}  // namespace kasuri::profiling
