#pragma once

#include <optional>

#include "app/session/recipe_state.h"

namespace kasuri::app {

/// Reads a recipe as the command line takes it, over several lines and with comments after "#":
/// "none", "default" or "all", then names with "+" or "-"; a list of bare names starts from none.
/// Nothing: `error` names what is no pass or rule.
std::optional<RecipeState> recipeFromText(const QString &text, const QVector<PassInfo> &passes,
                                          QString &error);

} // namespace kasuri::app
