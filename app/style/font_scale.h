#pragma once

namespace kasuri::app {

/// The user's factor on all sizes of text, 0.8 to 2, kept in the settings.
double fontScale();
/// Applies the factor to the whole application and keeps it.
void setFontScale(double factor);
/// Applies what was kept; once, at the start.
void restoreFontScale();
/// A size in px at factor 1 as it is now.
int scaledPx(int px);

} // namespace kasuri::app
