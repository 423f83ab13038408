#include "app/graph/graph_hull.h"

#include <QVector>
#include <algorithm>

namespace kasuri::app {
namespace {

constexpr double kAcross = 12, kDown = 8, kLeastNeck = 20;
constexpr double kCaptionGap = 14, kCaptionWidth = 220, kCaptionHeight = 36;
constexpr int kMost = 400; ///< items; more is no shape one could see

bool meetsOthers(const GraphGeometry &graph, const QRectF &box, const QSet<int> &own)
{
    bool others = false;
    graph.itemBands.forEach(box, [&](int item) { others = others || !own.contains(item); });
    return others;
}

/// Between two items of the hull, one above the other.
QRectF neckOf(const QRectF &above, const QRectF &below)
{
    const double left = std::max(above.left(), below.left()) - kAcross;
    const double right = std::min(above.right(), below.right()) + kAcross;
    if (right - left < kLeastNeck || below.top() <= above.bottom())
        return {};
    return QRectF(QPointF(left, above.bottom()), QPointF(right, below.top()));
}

std::optional<QPointF> captionPlace(const GraphGeometry &graph, const HullShape &shape)
{
    const int lowest = *std::max_element(shape.items.begin(), shape.items.end(), [&](int a, int b) {
        return graph.items[a].rect.bottom() < graph.items[b].rect.bottom();
    });
    const QRectF &last = graph.items[lowest].rect, all = shape.outline.boundingRect();
    const double top = last.bottom() - kCaptionHeight;
    QVector<double> lefts{last.right() + kAcross + kCaptionGap, all.right() + kCaptionGap};
    for (int f = graph.frameOf[lowest]; f >= 0; f = graph.frames[f].parent)
        lefts.append(graph.frames[f].rect.right() + kCaptionGap);
    for (const double left : lefts) {
        const QRectF box(left, top, kCaptionWidth, kCaptionHeight);
        bool crossed = shape.outline.intersects(box) || meetsOthers(graph, box, {});
        graph.edgeBands.forEach(box, [&](int edge) {
            for (qsizetype i = 1; i < graph.edges[edge].route.size(); ++i)
                crossed = crossed
                    || QRectF(graph.edges[edge].route[i - 1], graph.edges[edge].route[i])
                           .normalized()
                           .adjusted(-1, -1, 1, 1)
                           .intersects(box);
        });
        for (const GraphFrame &frame : graph.frames)
            crossed = crossed || (frame.rect.intersects(box) && !frame.rect.contains(box));
        if (!crossed)
            return box.topLeft();
    }
    return std::nullopt;
}

} // namespace

HullShape hullOf(const GraphGeometry &graph, const QStringList &operators)
{
    HullShape shape;
    const QSet<QString> wanted(operators.begin(), operators.end());
    for (int i = 0; i < graph.items.size(); ++i) {
        const GraphItem &item = graph.items[i];
        if (!item.isGroup
            && std::any_of(item.operators.begin(), item.operators.end(),
                           [&](const QString &name) { return wanted.contains(name); }))
            shape.items.insert(i);
    }
    if (shape.items.size() < 2 || shape.items.size() > kMost)
        return {};
    QPainterPath boxes;
    boxes.setFillRule(Qt::WindingFill);
    for (int item : std::as_const(shape.items)) {
        boxes.addRect(graph.items[item].rect.adjusted(-kAcross, -kDown, kAcross, kDown));
        for (int e : graph.outgoing[item]) {
            const GraphEdge &edge = graph.edges[e];
            if (!shape.items.contains(edge.to) || edge.isStub)
                continue;
            const QRectF neck = neckOf(graph.items[item].rect, graph.items[edge.to].rect);
            if (!neck.isEmpty() && !meetsOthers(graph, neck, shape.items))
                boxes.addRect(neck);
        }
    }
    shape.outline = boxes.simplified();
    shape.caption = captionPlace(graph, shape);
    return shape;
}

} // namespace kasuri::app
