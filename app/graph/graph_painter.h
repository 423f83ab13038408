#pragma once

#include <QPainter>
#include <QSet>

#include "app/graph/graph_geometry.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// What is marked in the picture besides the items themselves.
struct GraphMarks {
    int selected = -1;
    int hovered = -1;
    QSet<int> linked; ///< Shown by the selection of another view.
    QSet<int> hits; ///< Search results; when not empty, all others are faded.
    bool changes = false; ///< Show what became of each item in the other version.
};

/// Draws items and edges of a geometry; knows nothing of widgets or events.
class GraphPainter {
public:
    GraphPainter(const Theme &theme, QFont font) : theme_(theme), font_(std::move(font)) { }

    /// `visible` in scene coordinates; `scale` is device px per scene px.
    void paint(QPainter &painter, const GraphGeometry &graph, const GraphMarks &marks,
               const QRectF &visible, double scale) const;

private:
    void paintEdge(QPainter &p, const GraphGeometry &g, int edge, const GraphMarks &marks,
                   double scale) const;
    void paintStub(QPainter &p, const GraphGeometry &g, const GraphEdge &edge) const;
    void paintItem(QPainter &p, const GraphItem &item, bool faded, double scale) const;
    void paintLine(QPainter &p, const GraphItem &item, double scale) const;
    void paintCard(QPainter &p, const GraphItem &item, double scale) const;
    void paintHeatCell(QPainter &p, const GraphItem &item) const;
    void paintThreads(QPainter &p, const GraphItem &item) const;
    void paintRing(QPainter &p, const QRectF &rect, double scale) const;
    QColor familyColor(Family family) const;
    QColor heatColor(const GraphItem &item) const;
    QFont sized(double factor, bool strong = false) const;

    const Theme &theme_;
    QFont font_;
};

} // namespace kasuri::app
