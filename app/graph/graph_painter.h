#pragma once

#include <QFont>
#include <QPainter>
#include <QVector>

#include "app/graph/graph_geometry.h"
#include "app/graph/graph_marks.h"
#include "app/graph/item_painter.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// Draws frames, edges and items of a geometry; knows nothing of widgets or events.
class GraphPainter {
public:
    /// `text`: the user's factor on all text; at a scale of that a picture is at 100 %.
    GraphPainter(const Theme &theme, QFont font, double text = 1)
        : theme_(theme), font_(std::move(font)), text_(text)
    {
    }

    /// `visible` in scene coordinates; `scale` is px per scene px.
    void paint(QPainter &painter, const GraphGeometry &graph, const GraphMarks &marks,
               const QRectF &visible, double scale) const;

    /// Where the name of an open frame stands: at its top, moved so that it can be read.
    static QRectF headOf(const GraphFrame &frame, const QRectF &visible);

private:
    struct Scene; ///< what one call of paint() works on
    void paintFrames(Scene &s) const;
    void paintHeads(Scene &s) const;
    void paintHead(Scene &s, const GraphFrame &frame) const;
    QColor fillOf(const Scene &s, int frame) const;
    void paintHull(Scene &s) const;
    void paintEdges(Scene &s) const;
    void paintEdge(Scene &s, int edge, bool strong) const;
    void paintStub(Scene &s, int edge, bool strong) const;
    void paintTrueEdges(Scene &s) const;
    void paintItems(Scene &s) const;
    void paintMarks(Scene &s, int number) const;
    QColor color(const char *token) const { return theme_.color(QLatin1String(token)); }

    const Theme &theme_;
    QFont font_;
    double text_;
};

} // namespace kasuri::app
