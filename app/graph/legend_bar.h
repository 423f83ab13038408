#pragma once

#include <QVector>
#include <QWidget>
#include <utility>

#include "app/graph/graph_difference.h"
#include "app/graph/graph_heat.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// Under the canvas: what the heat swatches and family colours mean, with the bounds of each step.
class LegendBar : public QWidget {
    Q_OBJECT
public:
    LegendBar(const Theme &theme, QWidget *parent = nullptr);

    void setHeat(const HeatScale &scale);
    /// What became of the operators, where both versions are shown; nothing: one version.
    void setChanges(const std::optional<ChangeCounts> &counts);

signals:
    void changeChosen(const QString &name); ///< "fused": show only those

protected:
    void paintEvent(QPaintEvent *) override;
    void mousePressEvent(QMouseEvent *) override;
    void changeEvent(QEvent *) override;

private:
    QRectF swatch(double x, int width) const; ///< in the middle of the bar
    double paintHeat(QPainter &p, double x) const;
    double paintDelta(QPainter &p, double x) const;
    double paintChanges(QPainter &p, double x);

    const Theme &theme_;
    HeatScale scale_;
    std::optional<ChangeCounts> changes_;
    QVector<std::pair<QRectF, QString>> places_; ///< of the counts, with what a search calls them
};

} // namespace kasuri::app
