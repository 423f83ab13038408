#include "app/session/report_fields.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <utility>

namespace kasuri::app {
namespace {

using Text = QString ReportFields::*;

/// Each text with its option, which is its key among the settings as well.
constexpr std::pair<const char *, Text> kTexts[]
    = {{"client", &ReportFields::client},     {"project", &ReportFields::project},
       {"author", &ReportFields::author},     {"report-version", &ReportFields::version},
       {"prepared", &ReportFields::prepared}, {"checked", &ReportFields::checked},
       {"approved", &ReportFields::approved}, {"remarks", &ReportFields::remarks},
       {"language", &ReportFields::language}};

QSettings settings()
{
    return QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("kasuri"),
                     QStringLiteral("workbench"));
}

QString keyOf(const char *option)
{
    return QStringLiteral("report/") + QString::fromLatin1(option);
}

} // namespace

QStringList optionsOf(const ReportFields &fields)
{
    QStringList options;
    for (const auto &[option, field] : kTexts)
        if (const QString text = (fields.*field).trimmed(); !text.isEmpty())
            options << QStringLiteral("--%1=").arg(QString::fromLatin1(option)) + text;
    if (fields.anonymise)
        options << QStringLiteral("--anonymise");
    return options;
}

QString bundleOf(const QString &report)
{
    const QFileInfo file(report);
    return file.dir().filePath(file.completeBaseName() + QStringLiteral("_bundle"));
}

ReportFields keptReportFields()
{
    const QSettings kept = settings();
    ReportFields fields;
    for (const auto &[option, field] : kTexts)
        fields.*field = kept.value(keyOf(option)).toString();
    fields.bundle = kept.value(keyOf("bundle")).toBool();
    fields.anonymise = kept.value(keyOf("anonymise")).toBool();
    return fields;
}

void keep(const ReportFields &fields)
{
    QSettings kept = settings();
    for (const auto &[option, field] : kTexts)
        kept.setValue(keyOf(option), fields.*field);
    kept.setValue(keyOf("bundle"), fields.bundle);
    kept.setValue(keyOf("anonymise"), fields.anonymise);
}

} // namespace kasuri::app
