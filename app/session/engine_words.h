#pragma once

#include <QString>

namespace kasuri::app {

/// What the engine says of its progress, always in English, in the language of the window. Words of
/// operators, passes and files within stay. Unknown sentences stay as they are.
QString engineWords(const QString &said);

} // namespace kasuri::app
