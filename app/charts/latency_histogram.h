#pragma once

#include <QWidget>

#include "app/session/comparison_data.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// How often runs of both sides took how long: bars of one bin width, before above the axis, after
/// below it, medians as lines. Runs beyond the shown range are counted at the edge, never dropped.
class LatencyHistogram : public QWidget {
    Q_OBJECT
public:
    LatencyHistogram(const Theme &theme, QWidget *parent = nullptr);

    void setComparison(const std::optional<ComparisonInfo> &comparison);
    QSize sizeHint() const override { return {360, 180}; }
    /// The picture in words: median, p90 and number of runs of both sides.
    static QString wordsOf(const std::optional<ComparisonInfo> &comparison);

protected:
    void paintEvent(QPaintEvent *) override;

private:
    struct Side {
        QVector<int> counts;
        double median = 0;
        int beyond = 0;
    };
    Side binned(const SideInfo &side) const;
    void paintSide(QPainter &p, const Side &side, bool before, double axis, double high) const;

    const Theme &theme_;
    Side before_, after_;
    double from_ = 0, to_ = 0;
    int most_ = 0;
};

} // namespace kasuri::app
