// How the graph painter draws what flows between items.
#include <QPainterPath>
#include <algorithm>

#include "app/graph/painter_scene.h"
#include "app/graph/stub_pills.h"

namespace kasuri::app {
namespace {

constexpr double kCorner = 6, kLane = 12;
constexpr int kMostTrueEdges = 200;
constexpr double kPillRadius = 8.5;
constexpr qint64 kThinEdge = 64 << 10, kThickEdge = 4 << 20;

double widthOf(qint64 bytes)
{
    if (bytes < kThinEdge)
        return 1;
    return bytes < kThickEdge ? 1.5 : 2;
}

QPainterPath rounded(const QVector<QPointF> &route)
{
    QPainterPath path(route.first());
    for (qsizetype i = 1; i + 1 < route.size(); ++i) {
        const QLineF in(route[i], route[i - 1]), out(route[i], route[i + 1]);
        const double corner = std::min({kCorner, in.length() / 2, out.length() / 2});
        path.lineTo(in.pointAt(corner / std::max(in.length(), 0.01)));
        path.quadTo(route[i], out.pointAt(corner / std::max(out.length(), 0.01)));
    }
    path.lineTo(route.last());
    return path;
}

} // namespace

void GraphPainter::paintEdges(Scene &s) const
{
    const auto strong = [&](const GraphEdge &e) {
        const auto &path = s.marks.path;
        return (s.marks.selected >= 0 && (e.from == s.marks.selected || e.to == s.marks.selected))
            || (path.contains(e.from) && path.contains(e.to));
    };
    if (s.detail == Detail::Groups)
        s.p.setRenderHint(QPainter::Antialiasing, false);
    QVector<int> above;
    s.g.edgeBands.forEach(s.near, [&](int number) {
        const GraphEdge &edge = s.g.edges[number];
        if (s.blockOf(edge.from) >= 0 && s.blockOf(edge.from) == s.blockOf(edge.to))
            return;
        if (strong(edge))
            above.append(number);
        else
            paintEdge(s, number, false);
    });
    for (int number : above)
        paintEdge(s, number, true);
}

void GraphPainter::paintEdge(Scene &s, int number, bool strong) const
{
    const GraphEdge &edge = s.g.edges[number];
    const bool hovered
        = s.marks.hovered >= 0 && (edge.from == s.marks.hovered || edge.to == s.marks.hovered);
    if (edge.isStub) {
        if (s.detail >= Detail::Names)
            paintStub(s, number, strong || hovered);
        return;
    }
    if (s.detail <= Detail::Blocks) {
        s.p.setPen(QPen(strong ? color("text") : color("line.strong"), 0));
        s.p.drawPolyline(edge.route.constData(), int(edge.route.size()));
        return;
    }
    const bool full = s.detail == Detail::Full;
    QPen pen(color(strong ? "text" : "line.strong"), strong ? 2 : (full ? widthOf(edge.bytes) : 1));
    pen.setCosmetic(true);
    s.p.setPen(pen);
    s.p.setBrush(Qt::NoBrush);
    if (full && edge.route.size() > 2)
        s.p.drawPath(rounded(edge.route));
    else
        s.p.drawPolyline(edge.route.constData(), int(edge.route.size()));
    const QPointF tip = edge.route.last();
    const QPolygonF arrow{tip, tip + QPointF(-3, -7), tip + QPointF(3, -7)};
    s.p.setBrush(pen.color());
    s.p.setPen(Qt::NoPen);
    s.p.drawPolygon(arrow);
    if (full && (strong || hovered) && (edge.from == s.marks.selected || hovered)) {
        QFont font = font_;
        font.setPixelSize(11);
        s.p.setFont(font);
        s.p.setPen(color("text.2"));
        s.p.drawText(edge.route.first() + QPointF(8, 16), edge.label);
    }
}

void GraphPainter::paintStub(Scene &s, int number, bool strong) const
{
    const GraphEdge &edge = s.g.edges[number];
    const QVector<QPointF> line = stubLine(edge.pill, s.g.items[edge.to].rect);
    QPen pen(color(strong ? "text" : "line.strong"), strong ? 1.5 : 1);
    pen.setCosmetic(true);
    s.p.setPen(pen);
    s.p.setBrush(Qt::NoBrush);
    s.p.drawPolyline(line.constData(), int(line.size()));
    s.p.setBrush(color("panel"));
    s.p.drawRoundedRect(edge.pill, kPillRadius, kPillRadius);
    const QPointF tip = line.last();
    s.p.setBrush(pen.color());
    s.p.setPen(Qt::NoPen);
    if (tip.x() == s.g.items[edge.to].rect.left())
        s.p.drawPolygon(QPolygonF{tip, tip + QPointF(-6, -3), tip + QPointF(-6, 3)});
    QFont font = font_;
    font.setPixelSize(11);
    s.p.setFont(font);
    s.p.setPen(color(strong ? "text" : "text.2"));
    const QString name = QFontMetricsF(font).elidedText(s.g.items[edge.from].title, Qt::ElideMiddle,
                                                        edge.pill.width() - 16);
    s.p.drawText(edge.pill, Qt::AlignCenter, name);
}

/// Above everything, while the mouse or the focus is on a pill, or the mouse on an item with some.
void GraphPainter::paintTrueEdges(Scene &s) const
{
    if (s.detail < Detail::Names)
        return;
    QVector<int> shown;
    for (int stub : {s.marks.hoveredStub, s.marks.focusedStub})
        if (stub >= 0)
            shown.append(stub);
    if (s.marks.hovered >= 0)
        for (int edge : s.g.outgoing[s.marks.hovered] + s.g.incoming[s.marks.hovered])
            if (s.g.edges[edge].isStub && shown.size() < kMostTrueEdges)
                shown.append(edge);
    QPen pen(color("focus"), 1.5);
    pen.setCosmetic(true);
    for (int number : shown) {
        const QRectF &from = s.g.items[s.g.edges[number].from].rect;
        const QRectF &pill = s.g.edges[number].pill;
        const double lane = pill.left() - kLane, below = from.bottom() + kLane;
        s.p.setPen(pen);
        s.p.setBrush(Qt::NoBrush);
        s.p.drawPath(
            rounded({QPointF(from.center().x(), from.bottom()), QPointF(from.center().x(), below),
                     QPointF(lane, below), QPointF(lane, pill.center().y()),
                     QPointF(pill.left(), pill.center().y())}));
        s.p.drawRoundedRect(pill, kPillRadius, kPillRadius);
        s.p.drawRoundedRect(from.adjusted(-2, -2, 2, 2), 4, 4);
    }
}

} // namespace kasuri::app
