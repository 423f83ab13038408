#include "app/graph/graph_painter.h"

#include <cmath>

#include "app/graph/change_symbol.h"

namespace kasuri::app {
namespace {

constexpr double kStrip = 4, kCardRadius = 3, kHeatCell = 60, kSymbol = 14;
constexpr double kFullDetail = 0.75, kNames = 0.4;
constexpr int kMostThreads = 24;
constexpr qint64 kThinEdge = 64 << 10, kThickEdge = 4 << 20;

double widthOf(qint64 bytes)
{
    if (bytes < kThinEdge)
        return 1;
    return bytes < kThickEdge ? 1.5 : 2;
}

QString elided(const QPainter &p, const QString &text, double width)
{
    return QFontMetricsF(p.font()).elidedText(text, Qt::ElideMiddle, width);
}

} // namespace

QColor GraphPainter::familyColor(Family family) const
{
    return theme_.color(QStringLiteral("cat%1").arg(int(family) + 1));
}

/// Cold to hot; where the heat diverges, neutral to the colour of the side that is bigger.
QColor GraphPainter::heatColor(const GraphItem &item) const
{
    if (!item.heatDiverges)
        return theme_.heat(item.heatShare);
    const QColor neutral = theme_.color(QStringLiteral("raised"));
    const QColor side = theme_.color(item.heatShare < 0 ? QStringLiteral("before.mark")
                                                        : QStringLiteral("after.mark"));
    const double share = std::sqrt(std::abs(item.heatShare));
    const auto mix = [share](int a, int b) { return int(a + (b - a) * share); };
    return QColor(mix(neutral.red(), side.red()), mix(neutral.green(), side.green()),
                  mix(neutral.blue(), side.blue()));
}

QFont GraphPainter::sized(double factor, bool strong) const
{
    QFont f = font_;
    f.setPixelSize(qRound(factor * 13));
    f.setWeight(strong ? QFont::DemiBold : QFont::Normal);
    return f;
}

void GraphPainter::paint(QPainter &painter, const GraphGeometry &graph, const GraphMarks &marks,
                         const QRectF &visible, double scale) const
{
    const QRectF near = visible.adjusted(-60, -60, 60, 60);
    painter.setRenderHint(QPainter::Antialiasing, scale > 0.3);
    for (int e = 0; e < graph.edges.size(); ++e) {
        const QRectF span
            = graph.items[graph.edges[e].from].rect.united(graph.items[graph.edges[e].to].rect);
        if (span.intersects(near))
            paintEdge(painter, graph, e, marks, scale);
    }
    for (int i = 0; i < graph.items.size(); ++i) {
        const GraphItem &item = graph.items[i];
        if (!item.rect.intersects(near))
            continue;
        const bool faded = !marks.hits.isEmpty() && !marks.hits.contains(i);
        if (marks.linked.contains(i)) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme_.color(QStringLiteral("row.selected")));
            painter.drawRoundedRect(item.rect.adjusted(-5, -5, 5, 5), 4, 4);
        }
        paintItem(painter, item, faded, scale);
        if (marks.changes && scale >= kNames)
            paintChange(painter,
                        QRectF(item.rect.right() - 10, item.rect.top() - 7, kSymbol, kSymbol),
                        theme_, item.change);
        if (i == marks.selected)
            paintRing(painter, item.rect, scale);
        else if (i == marks.hovered) {
            painter.setPen(QPen(theme_.color(QStringLiteral("text")), 1 / scale));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(item.rect, kCardRadius, kCardRadius);
        }
    }
}

void GraphPainter::paintRing(QPainter &p, const QRectF &rect, double scale) const
{
    const double gap = 2 / std::max(scale, 0.2);
    p.setPen(QPen(theme_.color(QStringLiteral("focus")), 2 / std::min(1.0, std::max(scale, 0.2))));
    p.setBrush(Qt::NoBrush);
    p.drawRoundedRect(rect.adjusted(-gap, -gap, gap, gap), kCardRadius + 1, kCardRadius + 1);
}

void GraphPainter::paintEdge(QPainter &p, const GraphGeometry &g, int number,
                             const GraphMarks &marks, double scale) const
{
    const GraphEdge &edge = g.edges[number];
    const bool ours
        = marks.selected >= 0 && (edge.from == marks.selected || edge.to == marks.selected);
    if (edge.isStub) {
        if (scale >= kNames)
            paintStub(p, g, edge);
        return;
    }
    if (edge.route.size() < 2)
        return;
    QPen pen(theme_.color(ours ? QStringLiteral("text") : QStringLiteral("line.strong")),
             ours ? 2 : (scale >= kFullDetail ? widthOf(edge.bytes) : 1));
    pen.setCosmetic(true);
    p.setPen(pen);
    p.setBrush(Qt::NoBrush);
    p.drawPolyline(edge.route.constData(), int(edge.route.size()));
    if (scale < kNames)
        return;
    const QPointF tip = edge.route.last();
    const QPolygonF arrow{tip, tip + QPointF(-3, -7), tip + QPointF(3, -7)};
    p.setBrush(pen.color());
    p.setPen(Qt::NoPen);
    p.drawPolygon(arrow);
    if (ours && scale >= kFullDetail && edge.from == marks.selected) {
        p.setPen(theme_.color(QStringLiteral("text.2")));
        p.setFont(sized(0.81));
        p.drawText(edge.route.first() + QPointF(6, 14), edge.label);
    }
}

void GraphPainter::paintStub(QPainter &p, const GraphGeometry &g, const GraphEdge &edge) const
{
    const QRectF to = g.items[edge.to].rect;
    const QRectF pill(to.left() + 12, to.top() - 20, 110, 17);
    p.setPen(QPen(theme_.color(QStringLiteral("line.strong")), 0));
    p.setBrush(theme_.color(QStringLiteral("panel")));
    p.drawRoundedRect(pill, 8, 8);
    p.setFont(sized(0.81));
    p.setPen(theme_.color(QStringLiteral("text.2")));
    p.drawText(pill.adjusted(8, 0, -6, 0), Qt::AlignVCenter,
               elided(p, g.items[edge.from].title, 96));
}

void GraphPainter::paintItem(QPainter &p, const GraphItem &item, bool faded, double scale) const
{
    p.save();
    if (faded)
        p.setOpacity(0.35);
    if (item.isKernel)
        paintCard(p, item, scale);
    else
        paintLine(p, item, scale);
    p.restore();
}

void GraphPainter::paintLine(QPainter &p, const GraphItem &item, double scale) const
{
    const bool hot = item.heat && scale < kFullDetail;
    const QColor fill = hot ? heatColor(item) : theme_.color(QStringLiteral("raised"));
    QPen border(theme_.color(item.unsupported.isEmpty() ? QStringLiteral("line.strong")
                                                        : QStringLiteral("error")),
                1);
    border.setCosmetic(true);
    p.setPen(border);
    p.setBrush(fill);
    p.drawRect(item.rect);
    p.fillRect(QRectF(item.rect.left(), item.rect.top(), kStrip, item.rect.height()),
               familyColor(item.family));
    if (scale < kNames)
        return;
    p.setFont(sized(0.885));
    p.setPen(hot ? theme_.textOn(fill) : theme_.color(QStringLiteral("text")));
    QRectF text = item.rect.adjusted(10, 0, -8, 0);
    if (item.heat && !hot) {
        p.setPen(theme_.color(QStringLiteral("text.2")));
        p.drawText(text, Qt::AlignRight | Qt::AlignVCenter, item.heatText);
        text.setRight(text.right() - QFontMetricsF(p.font()).horizontalAdvance(item.heatText) - 6);
        p.setPen(theme_.color(QStringLiteral("text")));
    }
    const QString mark = item.unsupported.isEmpty() ? QString() : QStringLiteral("× ");
    p.drawText(text, Qt::AlignVCenter, elided(p, mark + item.title, text.width()));
}

void GraphPainter::paintCard(QPainter &p, const GraphItem &item, double scale) const
{
    const bool cell = item.heat.has_value();
    const bool block = cell && scale < kFullDetail;
    const QColor fill = block ? heatColor(item) : theme_.color(QStringLiteral("raised"));
    QPen border(theme_.color(QStringLiteral("line.strong")), 1);
    border.setCosmetic(true);
    p.setPen(border);
    p.setBrush(fill);
    p.drawRoundedRect(item.rect, kCardRadius, kCardRadius);
    p.fillRect(QRectF(item.rect.left(), item.rect.top() + 1, kStrip, item.rect.height() - 2),
               familyColor(item.family));
    if (scale < kNames)
        return;
    const QColor ink = block ? theme_.textOn(fill) : theme_.color(QStringLiteral("text"));
    const double right = cell ? kHeatCell : 8;
    const double width = item.rect.width() - 14 - right - 6;
    p.setPen(ink);
    p.setFont(sized(1, true));
    p.drawText(item.rect.topLeft() + QPointF(14, 18), elided(p, item.title, width));
    if (scale < kFullDetail)
        return;
    p.setFont(sized(0.85));
    p.setPen(theme_.color(QStringLiteral("text.2")));
    const QString count = item.operators.size() > 1
        ? QStringLiteral("%1 → 1").arg(item.operators.size())
        : QString();
    const double countWidth
        = count.isEmpty() ? 0 : QFontMetricsF(p.font()).horizontalAdvance(count) + 8;
    p.drawText(item.rect.topLeft() + QPointF(14, 32), elided(p, item.detail, width - countWidth));
    if (!count.isEmpty())
        p.drawText(item.rect.topLeft() + QPointF(item.rect.width() - right - countWidth, 32),
                   count);
    if (cell)
        paintHeatCell(p, item);
    paintThreads(p, item);
}

void GraphPainter::paintHeatCell(QPainter &p, const GraphItem &item) const
{
    const QRectF box(item.rect.right() - kHeatCell, item.rect.top() + 1, kHeatCell - 1,
                     item.rect.height() - 2);
    const QColor fill = heatColor(item);
    p.fillRect(box, fill);
    p.setPen(theme_.textOn(fill));
    p.setFont(sized(1, true));
    p.drawText(box.adjusted(0, 3, 0, -16), Qt::AlignCenter, item.heatText);
    p.setFont(sized(0.81));
    p.drawText(box.adjusted(0, 19, 0, -2), Qt::AlignCenter, item.heatUnit);
}

void GraphPainter::paintThreads(QPainter &p, const GraphItem &item) const
{
    const int count = std::min<int>(kMostThreads, int(item.threads.size()));
    if (count < 2)
        return;
    for (int k = 0; k < count; ++k)
        p.fillRect(QRectF(item.rect.left() + 14 + 6 * k, item.rect.top() - 2, 4, 5),
                   familyColor(item.threads[k]));
    if (item.threads.size() > kMostThreads) {
        p.setFont(sized(0.7));
        p.setPen(theme_.color(QStringLiteral("text.2")));
        p.drawText(item.rect.topLeft() + QPointF(14 + 6 * count + 3, 3),
                   QStringLiteral("+%1").arg(item.threads.size() - kMostThreads));
    }
}

} // namespace kasuri::app
