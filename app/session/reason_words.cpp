#include "app/session/reason_words.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include "profiling/sentences/in_japanese.h"

namespace kasuri::app {

QString reportLanguage()
{
    return QCoreApplication::translate("ReasonWords", "en", "the language of reports: en or ja");
}

QString reasonWords(const QString &said)
{
    if (reportLanguage() != QLatin1String("ja"))
        return said;
    return QString::fromStdString(profiling::in_japanese(said.toStdString()));
}

QString reasonShape(const QString &said)
{
    static const QRegularExpression quoted(QStringLiteral("(?<![^\\s(])'[^']*'"));
    return QString(said).replace(quoted, QStringLiteral("'…'"));
}

} // namespace kasuri::app
