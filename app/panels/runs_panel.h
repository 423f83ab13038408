#pragma once

#include <QWidget>

#include "app/session/run_history.h"

class QLabel;

namespace kasuri::app {

class ListTable;

/// The measurements of the session: rename with F2, select two to compare them.
class RunsPanel : public QWidget {
    Q_OBJECT
public:
    RunsPanel(RunHistory &history, QWidget *parent = nullptr);

    ListTable *table() { return table_; }

signals:
    void recipeChosen(const QString &recipe); ///< to become the recipe again
    void togetherRequested(const QStringList &sides); ///< two runs as sides of one measurement
    void baselineRequested(); ///< a saved plan as the other side

private:
    void fill();
    void showDifference();
    QVector<int> selectedRuns() const;
    void measureTogether();

    RunHistory &history_;
    ListTable *table_;
    QLabel *difference_;
    bool filling_ = false;
};

/// Both recipes as the sides `kasuri compare` takes.
QStringList sidesOf(const RunRecord &a, const RunRecord &b);

} // namespace kasuri::app
