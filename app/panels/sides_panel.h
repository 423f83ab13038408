#pragma once

#include <QWidget>

#include "app/session/document.h"

class QLabel;
class QLineEdit;
class QTableWidget;

namespace kasuri::app {

class ListTable;

/// Any number of columns of one interleaved run, the first being the baseline; the requirements
/// they must meet, and what came out, with what of a gain travels with the exported file.
class SidesPanel : public QWidget {
    Q_OBJECT
public:
    explicit SidesPanel(QWidget *parent = nullptr);

    void show(const DocumentState &state);
    /// The rows as `kasuri compare --side` takes them; empty rows are left out.
    QStringList sides() const;
    void addSide(const QString &name, const QString &runtime, const QString &model);
    QTableWidget *editor() { return editor_; }
    ListTable *results() { return results_; }

signals:
    void measureRequested(const QStringList &sides);
    void requirementsChosen(const QStringList &requirements);

private:
    QWidget *buildButtons();
    void addUsual();

    QTableWidget *editor_;
    ListTable *results_;
    QLineEdit *requirements_;
    QLabel *verdict_;
    int threads_ = 1;
};

} // namespace kasuri::app
