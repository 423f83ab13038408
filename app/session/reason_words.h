#pragma once

#include <QString>

namespace kasuri::app {

/// The language reports are written in, of those they can be: that of the window.
QString reportLanguage();

/// A reason, error or warning, which the engine says in English, in the language of the window and
/// in the words of the report (profiling/sentences). Names of operators, types and nodes within
/// stay; so does what nobody foresaw.
QString reasonWords(const QString &said);

/// The same for sites whose reasons differ in the names of nodes only: "…" in their place.
QString reasonShape(const QString &said);

} // namespace kasuri::app
