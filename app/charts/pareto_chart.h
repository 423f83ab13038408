#pragma once

#include <QWidget>
#include <optional>

#include "app/session/search_data.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// The trials of a search as latency (to the right) against planned memory (upwards). Shapes tell
/// them apart: filled diamonds on the Pareto front, joined by a line; circles off it; crosses where
/// outputs differ; a square for the recipe searched from; a ring around what was confirmed.
class ParetoChart : public QWidget {
    Q_OBJECT
public:
    explicit ParetoChart(const Theme &theme, QWidget *parent = nullptr);

    void setTrials(const QVector<SearchTrial> &trials);
    void setCurrent(int trial); ///< -1: none
    /// Where a trial is drawn; empty when it has no place.
    std::optional<QPointF> placeOf(int trial) const;
    QSize sizeHint() const override { return {320, 200}; }

signals:
    void chosen(int trial);

protected:
    void paintEvent(QPaintEvent *) override;
    void mousePressEvent(QMouseEvent *) override;
    bool event(QEvent *) override;

private:
    struct Range {
        double low = 0, high = 0;
    };
    QRectF plot() const;
    int trialAt(const QPointF &point) const;
    void paintAxes(QPainter &p) const;
    void paintFront(QPainter &p) const;
    void paintTrial(QPainter &p, int trial) const;

    const Theme &theme_;
    QVector<SearchTrial> trials_;
    Range ms_, bytes_;
    int current_ = -1;
};

} // namespace kasuri::app
