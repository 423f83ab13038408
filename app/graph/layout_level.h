#pragma once

#include <QHash>
#include <QPair>
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QVector>

namespace kasuri::app {

/// One box of a level: a node, a frame inside it, or a port in the border of the level's own frame.
struct LevelBox {
    enum class Kind { Node, Frame, Entry, Exit };
    Kind kind = Kind::Node;
    int number = 0; ///< of the node or frame; of a port the node at the far end
};

/// An edge of a level, with the links that take it.
struct LevelWay {
    int from = 0, to = 0; ///< boxes
    int fromPort = -1, toPort = -1; ///< the node whose port it meets where an end is a frame
    QVector<QPointF> route; ///< in the level's coordinates
    bool isAgainst = false; ///< runs against the flow
    bool isLong = false; ///< too long to be drawn
    bool isDrawn = false; ///< by a link that is drawn all the way
    bool isStub() const { return isAgainst || isLong; }
};

struct LayoutLevel {
    QVector<LevelBox> boxes;
    QHash<quint64, int> boxOf; ///< by kind and number
    QVector<LevelWay> ways;
    QHash<QPair<int, quint64>, int> wayOf;
    QVector<QRectF> rects;
    QSizeF size;
};

/// What a box is found by.
quint64 keyOf(LevelBox::Kind kind, int number);

/// Finds the ways against the flow: what is left has no cycle. Boxes are in the order of
/// the content, so that order decides where a cycle is cut.
void cutCycles(LayoutLevel &level);

/// Points between two on the same line say nothing.
void appendTo(QVector<QPointF> &route, const QPointF &point);

/// A step of few px to the side looks like a mistake: one of the lines it joins moves, which is
/// never one that ends at an item.
void straighten(QVector<QPointF> &route);

} // namespace kasuri::app
