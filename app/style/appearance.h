#pragma once

#include "app/style/theme.h"

namespace kasuri::app {

/// Makes the whole application look so, at once; `theme` is what its painters read.
void setAppearance(Theme &theme, Theme::Appearance appearance);

} // namespace kasuri::app
