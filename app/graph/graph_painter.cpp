#include "app/graph/graph_painter.h"

#include <algorithm>
#include <cmath>

#include "app/graph/change_symbol.h"
#include "app/graph/painter_scene.h"

namespace kasuri::app {
namespace {

constexpr double kRadius = 3, kSymbol = 14, kHeader = 30;
constexpr double kFaded = 0.35;
constexpr double kCaptionMargin = 8, kCaptionLeast = 80, kCaptionMost = 220;
constexpr double kLargestBlock = 0.6; ///< of the height of the view
constexpr double kHeadRoom = 200, kLeastHead = 9;

} // namespace

void GraphPainter::paint(QPainter &painter, const GraphGeometry &graph, const GraphMarks &marks,
                         const QRectF &visible, double scale) const
{
    const Detail detail = detailAt(scale / text_);
    painter.setRenderHint(QPainter::Antialiasing, detail >= Detail::Names);
    Scene scene{painter,
                graph,
                marks,
                visible.adjusted(-60, -60, 60, 60),
                scale,
                detail,
                ItemPainter(painter, theme_, font_, detail, text_),
                visible,
                QVector<int>(graph.frames.size(), -1)};
    paintFrames(scene);
    paintHull(scene);
    paintEdges(scene);
    paintHeads(scene);
    paintItems(scene);
    paintTrueEdges(scene);
}

QRectF GraphPainter::headOf(const GraphFrame &frame, const QRectF &visible)
{
    const QRectF &box = frame.rect;
    const double last = std::max(box.left(), box.right() - kHeadRoom);
    const double left = std::clamp(visible.left(), box.left(), last);
    const double right = std::max(std::min(box.right(), visible.right()), left + kHeadRoom);
    return QRectF(left, box.top(), std::min(right, box.right()) - left, kHeader);
}

QColor GraphPainter::fillOf(const Scene &s, int number) const
{
    const GraphFrame &frame = s.g.frames[number];
    if (s.closed[number] >= 0 && frame.heat)
        return s.items.heatColor(frame.heatShare, false);
    int depth = 0;
    for (int up = frame.parent; up >= 0; up = s.g.frames[up].parent)
        ++depth;
    return color(depth % 2 ? "canvas" : "panel");
}

void GraphPainter::paintFrames(Scene &s) const
{
    const double screen = s.near.height() * s.scale;
    QPen line(color("line.strong"), 1);
    line.setCosmetic(true);
    for (int f = 0; f < s.g.frames.size(); ++f) {
        const GraphFrame &frame = s.g.frames[f];
        const int outer = frame.parent >= 0 ? s.closed[frame.parent] : -1;
        const bool small
            = s.detail == Detail::Groups && frame.rect.height() * s.scale < screen * kLargestBlock;
        s.closed[f] = outer >= 0 ? outer : small ? f : -1;
        if (s.closed[f] >= 0 || !frame.rect.intersects(s.near))
            continue;
        s.p.setPen(line);
        s.p.setBrush(fillOf(s, f));
        s.p.drawRoundedRect(frame.rect, kRadius, kRadius);
    }
}

void GraphPainter::paintHull(Scene &s) const
{
    const HullShape &hull = s.marks.hull;
    if (hull.outline.isEmpty() || !hull.outline.boundingRect().intersects(s.near))
        return;
    QPen pen(color("focus"), s.detail >= Detail::Names ? 1.5 : 1);
    pen.setCosmetic(true);
    s.p.setPen(pen);
    s.p.setBrush(color("before.soft"));
    s.p.drawPath(hull.outline);
    if (!hull.caption || s.detail < Detail::Names)
        return;
    const double room = s.visible.right() - hull.caption->x() - kCaptionMargin;
    if (room < kCaptionLeast)
        return;
    QFont font = font_;
    font.setPixelSize(12);
    font.setWeight(QFont::DemiBold);
    s.p.setFont(font);
    s.p.setPen(color("text"));
    s.p.drawText(*hull.caption + QPointF(0, 13),
                 QFontMetricsF(font).elidedText(s.marks.hullTitle, Qt::ElideRight,
                                                std::min(room, kCaptionMost)));
    font.setWeight(QFont::Normal);
    s.p.setFont(font);
    s.p.setPen(color("text.2"));
    s.p.drawText(*hull.caption + QPointF(0, 30), s.marks.hullNote);
}

/// After the edges, which pass under the names.
void GraphPainter::paintHeads(Scene &s) const
{
    for (int f = 0; f < s.g.frames.size(); ++f) {
        const GraphFrame &frame = s.g.frames[f];
        if ((s.closed[f] >= 0 && s.closed[f] != f) || !frame.rect.intersects(s.near))
            continue;
        const QColor fill = fillOf(s, f);
        const QRectF head = headOf(frame, s.visible);
        if (s.closed[f] == f) {
            s.p.setPen(QPen(color("line.strong"), 0));
            s.p.setBrush(fill);
            s.p.drawRect(frame.rect);
            s.items.paintLabel(frame.rect, frame.title, frame.repeats, frame.heatText,
                               theme_.textOn(fill));
        } else if (s.detail < Detail::Names) {
            // Where names would stand upon each other, those of outer groups are enough.
            if (frame.parent < 0 || frame.repeats > 0 || kHeader * s.scale > kLeastHead * text_)
                s.items.paintLabel(
                    QRectF(head.topLeft(), QSizeF(head.width(), 20 * text_ / s.scale)), frame.title,
                    frame.repeats, frame.heatText, color("text"));
        } else {
            s.p.fillRect(QRectF(frame.rect.topLeft(), QSizeF(frame.rect.width(), kHeader))
                             .adjusted(2, 1, -2, -4),
                         fill);
            paintHead(s, frame);
        }
    }
}

void GraphPainter::paintHead(Scene &s, const GraphFrame &frame) const
{
    const QRectF head = headOf(frame, s.visible);
    s.p.setPen(QPen(color("text"), 1.5));
    s.items.paintChevron(head.topLeft() + QPointF(14, kHeader / 2), true);
    QFont font = font_;
    font.setPixelSize(13);
    font.setWeight(QFont::DemiBold);
    s.p.setFont(font);
    s.p.drawText(head.topLeft() + QPointF(26, 20), frame.title);
    double x = head.left() + 26 + QFontMetricsF(font).horizontalAdvance(frame.title) + 10;
    if (frame.repeats > 0)
        x += s.items.paintBadge(x, head.top() + kHeader / 2, frame.repeats) + 10;
    font.setPixelSize(12);
    font.setWeight(QFont::Normal);
    const QFontMetricsF metrics(font);
    s.p.setFont(font);
    s.p.setPen(color("text.2"));
    const QString value
        = frame.heat ? frame.heatText + QLatin1Char(' ') + s.g.items.first().heatUnit : QString();
    const double wide = metrics.horizontalAdvance(value);
    if (x + metrics.horizontalAdvance(frame.note) < head.right() - wide - 20)
        s.p.drawText(QPointF(x, head.top() + 20), frame.note);
    if (head.right() - 10 - wide > x)
        s.p.drawText(QPointF(head.right() - 10 - wide, head.top() + 20), value);
}

void GraphPainter::paintItems(Scene &s) const
{
    s.g.itemBands.forEach(s.near, [&](int number) {
        if (s.blockOf(number) >= 0)
            return;
        const GraphItem &item = s.g.items[number];
        const bool inHull = s.marks.hull.items.contains(number);
        if ((s.marks.linked.contains(number) && !inHull) || s.marks.path.contains(number)) {
            s.p.setPen(QPen(color("focus"), 0));
            s.p.setBrush(color("row.selected"));
            s.p.drawRoundedRect(item.rect.adjusted(-5, -5, 5, 5), 4, 4);
        }
        const bool faded = (s.marks.searching && !s.marks.hits.contains(number))
            || (!s.marks.path.isEmpty() && !s.marks.path.contains(number));
        if (faded)
            s.p.setOpacity(kFaded);
        s.items.paint(item);
        if (faded)
            s.p.setOpacity(1);
        if (s.detail >= Detail::Names)
            paintMarks(s, number);
        else if (number == s.marks.selected)
            paintMarks(s, number);
    });
}

void GraphPainter::paintMarks(Scene &s, int number) const
{
    const QRectF &rect = s.g.items[number].rect;
    s.p.setBrush(Qt::NoBrush);
    if (number == s.marks.selected) {
        const double px = 1 / std::clamp(s.scale, 0.05, 1.0);
        s.p.setPen(QPen(color("focus"), 2 * px));
        s.p.drawRoundedRect(rect.adjusted(-3 * px, -3 * px, 3 * px, 3 * px), 4 * px, 4 * px);
        if (s.marks.keyboard && s.marks.focusedStub < 0 && s.detail >= Detail::Names) {
            QPen dotted(color("text"), 1, Qt::DotLine);
            dotted.setCosmetic(true);
            s.p.setPen(dotted);
            s.p.drawRect(rect.adjusted(2, 2, -2, -2));
        }
    } else if (number == s.marks.hovered) {
        QPen pen(color("text"), 1);
        pen.setCosmetic(true);
        s.p.setPen(pen);
        s.p.drawRoundedRect(rect, kRadius, kRadius);
    }
    if (s.marks.changes)
        paintChange(s.p, QRectF(rect.right() - 10, rect.top() - 7, kSymbol, kSymbol), theme_,
                    s.g.items[number].change);
}

} // namespace kasuri::app
