#pragma once

#include <QWidget>
#include <memory>

#include "app/charts/memory_timeline.h"

class QLabel;
class QSplitter;
class QStackedWidget;
class QTabBar;

namespace kasuri::app {

class LiveSetList;
class TwinView;
struct DocumentState;

/// The memory timeline with its four modes, beside it as a table the live set at its cursor or all
/// tensors, and every figure of the memory by its exact name.
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
    QWidget *buildTables();
    void showStep(int step);
    void showTable(bool all);
    void fillTensors();

    MemoryTimeline *timeline_;
    LiveSetList *live_;
    TwinView *tensors_;
    QTabBar *modes_, *scope_;
    QStackedWidget *tables_;
    QSplitter *split_;
    QLabel *figures_;
    std::shared_ptr<const PlanInfo> listedBefore_, listedAfter_; ///< in the table of all
    QStringList selected_;
};

} // namespace kasuri::app
