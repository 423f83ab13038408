#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace kasuri::cli {

/// What a proof of concept still has to show of a model, in the order in which it is worked off:
/// [{what, done, how}]; `how` is why it is done, or the options of `kasuri compare` that do it.
nlohmann::json poc_checklist(const nlohmann::json& advice, bool real_inputs, bool payback);
/// As lines to tick off.
void print_checklist(const nlohmann::json& checklist, const std::string& model);

}  // namespace kasuri::cli
