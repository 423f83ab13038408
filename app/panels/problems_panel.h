#pragma once

#include <QWidget>

#include "app/session/problems.h"

class QLabel;

namespace kasuri::app {

class ListTable;

/// What the user should know, errors first; a row jumps to its operators.
class ProblemsPanel : public QWidget {
    Q_OBJECT
public:
    explicit ProblemsPanel(QWidget *parent = nullptr);

    void show(const DocumentState &state);
    void next(); ///< to the problem after the current one, around at the end
    void showBisection(); ///< jumps to what the last bisection found
    ListTable *table() { return table_; }

signals:
    void operatorsSelected(const QStringList &operators);

private:
    QVector<ProblemInfo> problems_;
    ListTable *table_;
    QLabel *empty_;
};

} // namespace kasuri::app
