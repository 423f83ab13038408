#pragma once

#include <QRegularExpression>
#include <QString>
#include <QVector>
#include <span>

namespace kasuri::app {

/// Sentences that come in English from elsewhere, with places (%1 to %9) for whatever stands there.
class SentenceTable {
public:
    /// `context` of the translations; both outlive this. Of sentences that fit, the first is taken:
    /// what holds another sentence stands behind it.
    SentenceTable(const char *context, std::span<const char *const> sentences);

    /// In the language of the window, what stands in the places too; unknown ones as they are.
    QString translate(const QString &said) const;

private:
    struct Template {
        const char *sentence;
        QRegularExpression shape;
    };
    const char *context_;
    QVector<Template> all_;
};

} // namespace kasuri::app
