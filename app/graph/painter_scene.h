#pragma once

#include <QPainter>
#include <QRectF>
#include <QVector>

#include "app/graph/graph_painter.h"

namespace kasuri::app {

/// What one call of GraphPainter::paint() works on.
struct GraphPainter::Scene {
    QPainter &p;
    const GraphGeometry &g;
    const GraphMarks &marks;
    QRectF near;
    double scale;
    Detail detail;
    ItemPainter items;
    QRectF visible;
    QVector<int> closed; ///< per frame: the outermost frame drawn as one block around it; -1: none
    int blockOf(int item) const { return g.frameOf[item] >= 0 ? closed[g.frameOf[item]] : -1; }
};

} // namespace kasuri::app
