#pragma once

#include <QString>
#include <QStringList>

namespace kasuri::app {

/// What stands on a report besides figures, and what is written with it.
struct ReportFields {
    QString client, project, author, version;
    QString prepared, checked, approved; ///< 作成, 確認, 承認
    QString remarks;
    QString language; ///< "en" or "ja"; empty: that of the window
    bool bundle = false; ///< a folder beside the report: report, JSON, CSV, model and plan
    bool anonymise = false;

    bool operator==(const ReportFields &) const = default;
};

/// As `kasuri report` takes them; `bundle` needs `bundleOf(report)`.
QStringList optionsOf(const ReportFields &fields);
/// The folder of the bundle of a report: "a/b.html" has "a/b_bundle".
QString bundleOf(const QString &report);

/// The fields as they were kept last; of another start as well.
ReportFields keptReportFields();
void keep(const ReportFields &fields);

} // namespace kasuri::app
