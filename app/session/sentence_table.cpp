#include "app/session/sentence_table.h"

#include <QCoreApplication>

namespace kasuri::app {

SentenceTable::SentenceTable(const char *context, std::span<const char *const> sentences)
    : context_(context)
{
    static const QRegularExpression place(QStringLiteral("\\\\?%[1-9]"));
    for (const char *sentence : sentences) {
        QString shape = QRegularExpression::escape(QString::fromLatin1(sentence));
        shape.replace(place, QStringLiteral("(.+)"));
        all_.append({sentence, QRegularExpression(QRegularExpression::anchoredPattern(shape))});
    }
}

QString SentenceTable::translate(const QString &said) const
{
    for (const Template &known : all_) {
        const QRegularExpressionMatch match = known.shape.match(said);
        if (!match.hasMatch())
            continue;
        QString words = QCoreApplication::translate(context_, known.sentence);
        for (int i = 1; i <= match.lastCapturedIndex(); ++i)
            words.replace(QStringLiteral("%%1").arg(i), translate(match.captured(i)));
        return words;
    }
    return said;
}

} // namespace kasuri::app
