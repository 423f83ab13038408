#pragma once

#include <QString>
#include <QStringList>

class QCoreApplication;

namespace kasuri::app {

/// Languages of the window besides English, the language of the sources: "ja".
QStringList translatedLanguages();

/// Makes the window speak `language` ("en", "ja", "ja_JP", ...; empty: the system's). Only windows
/// made afterwards follow. False where there is no translation: it stays English.
bool setLanguage(QCoreApplication &application, const QString &language);

} // namespace kasuri::app
