#pragma once

#include <QWidget>

#include "app/charts/memory_timeline.h"

class QLabel;
class QTabBar;

namespace kasuri::app {

class LiveSetList;
struct DocumentState;

/// The memory timeline with its four modes, the live set at its cursor, and every figure of the
/// memory by its exact name.
class MemoryPanel : public QWidget {
    Q_OBJECT
public:
    MemoryPanel(const Theme &theme, QWidget *parent = nullptr);

    void show(const DocumentState &state);
    void selectOperators(const QStringList &operators);
    MemoryTimeline *timeline() { return timeline_; }

signals:
    void operatorsSelected(const QStringList &operators);

private:
    void showStep(int step);

    MemoryTimeline *timeline_;
    LiveSetList *live_;
    QTabBar *modes_;
    QLabel *figures_;
};

} // namespace kasuri::app
