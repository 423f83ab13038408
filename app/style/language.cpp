#include "app/style/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace kasuri::app {
namespace {

QTranslator &words()
{
    static QTranslator translator;
    return translator;
}

// Qt's own words (file dialogue, context menus), where they are installed.
QTranslator &wordsOfQt()
{
    static QTranslator translator;
    return translator;
}

} // namespace

QStringList translatedLanguages()
{
    return {QStringLiteral("ja")};
}

bool setLanguage(QCoreApplication &application, const QString &language)
{
    application.removeTranslator(&words());
    application.removeTranslator(&wordsOfQt());
    const QString code = (language.isEmpty() ? QLocale::system().name() : language)
                             .section(QLatin1Char('_'), 0, 0);
    if (code == QLatin1String("en"))
        return true;
    if (!translatedLanguages().contains(code)
        || !words().load(QStringLiteral(":/translations/kasuri_%1.qm").arg(code)))
        return false;
    application.installTranslator(&words());
    if (wordsOfQt().load(QStringLiteral("qtbase_") + code,
                         QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        application.installTranslator(&wordsOfQt());
    return true;
}

} // namespace kasuri::app
