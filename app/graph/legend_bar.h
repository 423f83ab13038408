#pragma once

#include <QWidget>

#include "app/graph/graph_geometry.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// Under the canvas: what the heat swatches and family colours mean, with the bounds of each step.
class LegendBar : public QWidget {
    Q_OBJECT
public:
    LegendBar(const Theme &theme, QWidget *parent = nullptr);

    /// `top`: milliseconds of the dearest item; 0: nothing measured yet.
    void setHeat(double top);

protected:
    void paintEvent(QPaintEvent *) override;

private:
    double paintHeat(QPainter &p, double x) const;

    const Theme &theme_;
    double top_ = 0;
};

} // namespace kasuri::app
