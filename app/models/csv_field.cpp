#include "app/models/csv_field.h"

#include <QRegularExpression>

namespace kasuri::app {

QString csvField(const QString &text)
{
    static const QRegularExpression kSpecial(QStringLiteral("[,\"\r\n]"));
    if (!text.contains(kSpecial))
        return text;
    return QLatin1Char('"') + QString(text).replace(QLatin1Char('"'), QLatin1String("\"\""))
        + QLatin1Char('"');
}

} // namespace kasuri::app
