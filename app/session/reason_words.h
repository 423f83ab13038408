#pragma once

#include <QString>

namespace kasuri::app {

/// Why a rule declined a site or a kernel is not a faster one, which the engine says in English, in
/// the language of the window. Several reasons are parted by "; ". Names of operators, types and
/// nodes within stay; so does a reason nobody foresaw.
QString reasonWords(const QString &said);

} // namespace kasuri::app
