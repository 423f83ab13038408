#pragma once

#include <QString>

namespace kasuri::app {

/// "faster", "slower", "same", "undecided", "broken" in the language of the window.
QString verdictWord(const QString &verdict);

/// "equal", "within_tolerance", "broken", "unchecked" likewise.
QString fidelityWord(const QString &fidelity);

} // namespace kasuri::app
