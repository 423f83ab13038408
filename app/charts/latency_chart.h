#pragma once

#include <QChartView>

#include "app/session/workbench_data.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// Run-order scatter of the measured blocks of both sides (Qt Charts).
class LatencyChart : public QChartView {
    Q_OBJECT
public:
    LatencyChart(const Theme &theme, QWidget *parent = nullptr);
    void setComparison(const std::optional<ComparisonInfo> &comparison);

private:
    const Theme &theme_;
};

} // namespace kasuri::app
