#pragma once

#include <QWidget>

#include "app/session/document.h"

class QDoubleSpinBox;
class QLabel;

namespace kasuri::app {

class ListTable;

/// Is it worth it: the estimate before any run, per pass beside what was measured afterwards, the
/// payback, and what a proof of concept still has to show.
class AdvicePanel : public QWidget {
    Q_OBJECT
public:
    explicit AdvicePanel(QWidget *parent = nullptr);

    void show(const DocumentState &state);
    void requestEstimate(const QString &recipe); ///< once per recipe, with the figures shown

signals:
    void estimateRequested(const kasuri::app::PaybackInput &payback);

private:
    QWidget *buildFields();
    void showChecklist(const DocumentState &state);

    ListTable *table_, *checklist_;
    QLabel *conclusion_;
    QString asked_; ///< recipe of the last request
    QDoubleSpinBox *queries_ = nullptr, *machines_ = nullptr, *cost_ = nullptr, *effort_ = nullptr,
                   *rate_ = nullptr;
};

} // namespace kasuri::app
