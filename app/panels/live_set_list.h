#pragma once

#include <QTableWidget>

#include "app/session/workbench_data.h"

namespace kasuri::app {

/// The tensors alive in the arena while one step runs, with their sum: the timeline's table twin.
class LiveSetList : public QTableWidget {
    Q_OBJECT
public:
    explicit LiveSetList(QWidget *parent = nullptr);
    void show(const PlanInfo *plan, int step);
};

} // namespace kasuri::app
