#pragma once

#include <QWidget>

#include "app/charts/memory_timeline.h"

class QTabBar;

namespace kasuri::app {

class LiveSetList;

/// The memory timeline with its four modes and the live set at its cursor.
class MemoryPanel : public QWidget {
    Q_OBJECT
public:
    MemoryPanel(const Theme &theme, QWidget *parent = nullptr);

    void setPlans(std::shared_ptr<const PlanInfo> before, std::shared_ptr<const PlanInfo> after);
    void selectOperators(const QStringList &operators);
    MemoryTimeline *timeline() { return timeline_; }

signals:
    void operatorsSelected(const QStringList &operators);

private:
    void showStep(int step);

    MemoryTimeline *timeline_;
    LiveSetList *live_;
    QTabBar *modes_;
};

} // namespace kasuri::app
