#pragma once

#include <QWidget>
#include <array>
#include <memory>
#include <optional>

#include "app/session/document.h"
#include "app/session/keeps_look.h"
#include "app/style/theme.h"

class QLabel;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace kasuri::app {

class KernelTimeline;
class LatencyChart;
class LatencyHistogram;
class TwinView;

/// Everything about time: kernels by thread, histogram and run order of the samples; above them
/// first run, drift, and what the instruments cost. Each picture turns into a table of the same.
class TimePanel : public QWidget, public KeepsLook {
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
    QJsonObject look() const override;
    void restoreLook(const QJsonObject &look) override;
    void showPage();
    void fillTables();

    KernelTimeline *timeline_;
    LatencyHistogram *histogram_;
    LatencyChart *scatter_;
    std::array<TwinView *, 3> tables_; ///< one per mode
    QTabBar *modes_;
    QToolButton *asTable_;
    QStackedWidget *pages_;
    QLabel *summary_;
    std::optional<ComparisonInfo> comparison_; ///< as shown
    std::shared_ptr<const PlanInfo> before_, after_;
    std::array<bool, 3> filled_{}; ///< tables that show these
    QStringList selected_;
};

} // namespace kasuri::app
