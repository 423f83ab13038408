#pragma once

#include <QDialog>
#include <QVector>
#include <utility>

#include "app/session/report_fields.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;

namespace kasuri::app {

/// Asks what stands on a report besides figures; opens with what was written last, which outlives
/// the program. Return goes on to the file, Escape leaves everything as it was.
class ReportDialog : public QDialog {
    Q_OBJECT
public:
    explicit ReportDialog(QWidget *window);

    void ask(); ///< without waiting

signals:
    void fieldsGiven(const kasuri::app::ReportFields &fields);

private:
    ReportFields fields() const;
    void give();

    QVector<std::pair<QString ReportFields::*, QLineEdit *>> lines_;
    QPlainTextEdit *remarks_;
    QComboBox *language_;
    QCheckBox *bundle_, *anonymise_;
};

} // namespace kasuri::app
