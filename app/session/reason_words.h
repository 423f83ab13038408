#pragma once

#include <QString>

namespace kasuri::app {

/// Why a rule declined a site or a kernel is not a faster one, which the engine says in English, in
/// the language of the window. Several reasons are parted by "; ". Names of operators, types and
/// nodes within stay; so does a reason nobody foresaw.
QString reasonWords(const QString &said);

/// The same for sites whose reasons differ in the names of nodes only: "…" in their place.
QString reasonShape(const QString &said);

} // namespace kasuri::app
