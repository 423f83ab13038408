#pragma once

#include <QWidget>

#include "app/session/workbench_data.h"

class QLabel;
class QLineEdit;

namespace kasuri::app {

class ListTable;

/// Every site where a rule did not apply, and why; grouped by reason, most frequent first. A row
/// jumps to its operators, and again to the next of them.
class WhyNotPanel : public QWidget {
    Q_OBJECT
public:
    explicit WhyNotPanel(QWidget *parent = nullptr);

    void setPasses(const QVector<PassInfo> &passes);
    ListTable *table() { return table_; }

signals:
    void operatorsSelected(const QStringList &operators);

private:
    struct Reason {
        QString pass, rule, why, shape; ///< see session/reason_words.h
        QVector<QStringList> sites; ///< operators of each
        int next = 0; ///< site the next activation jumps to
    };
    void fill();
    void jump(int row);

    QVector<Reason> reasons_, shown_;
    ListTable *table_;
    QLineEdit *filter_;
    QLabel *empty_;
};

} // namespace kasuri::app
