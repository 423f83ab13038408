#pragma once

#include <QWidget>

#include "app/session/document.h"
#include "app/style/theme.h"

class QLabel;
class QStackedWidget;
class QTabBar;

namespace kasuri::app {

class KernelTimeline;
class LatencyChart;
class LatencyHistogram;

/// Everything about time: kernels by thread, histogram and run order of the samples; above them
/// first run, drift, and what the instruments cost.
class TimePanel : public QWidget {
    Q_OBJECT
public:
    TimePanel(const Theme &theme, QWidget *parent = nullptr);

    void show(const DocumentState &state);
    void selectOperators(const QStringList &operators);
    KernelTimeline *timeline() { return timeline_; }
    QString summary() const;

signals:
    void operatorsSelected(const QStringList &operators);

private:
    KernelTimeline *timeline_;
    LatencyHistogram *histogram_;
    LatencyChart *scatter_;
    QTabBar *modes_;
    QStackedWidget *pages_;
    QLabel *summary_;
};

} // namespace kasuri::app
