#include "app/graph/minimap.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "app/graph/item_painter.h"

namespace kasuri::app {
namespace {

constexpr int kWidth = 120, kHeight = 96, kPad = 6;
constexpr double kNarrowest = 24; ///< px; a long chain would be a hair otherwise

} // namespace

Minimap::Minimap(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setFixedSize(kWidth, kHeight);
    setAccessibleName(tr("Overview of the graph"));
    setCursor(Qt::PointingHandCursor);
    hide();
}

void Minimap::setGraph(GeometryPointer graph)
{
    graph_ = std::move(graph);
    picture_ = QPixmap();
    update();
}

void Minimap::setVisibleArea(const QRectF &area)
{
    area_ = area;
    setVisible(graph_ && !graph_->items.isEmpty() && !area.contains(graph_->bounds));
    update();
}

/// Keeps proportions, except that what would be too narrow to see is widened.
QRectF Minimap::toMap(const QRectF &area) const
{
    const QRectF &all = graph_->bounds;
    const double scale
        = std::min((kWidth - 2 * kPad) / all.width(), (kHeight - 2 * kPad) / all.height());
    const double across = std::max(scale, kNarrowest / all.width());
    const double down = std::max(scale, kNarrowest / all.height());
    const QPointF origin((kWidth - all.width() * across) / 2, (kHeight - all.height() * down) / 2);
    return QRectF(origin.x() + (area.left() - all.left()) * across,
                  origin.y() + (area.top() - all.top()) * down, area.width() * across,
                  area.height() * down);
}

void Minimap::draw()
{
    picture_ = QPixmap(size() * devicePixelRatioF());
    picture_.setDevicePixelRatio(devicePixelRatioF());
    picture_.fill(theme_.color(QStringLiteral("raised")));
    QPainter p(&picture_);
    const ItemPainter colours(p, theme_, font(), Detail::Blocks);
    const QColor plain = theme_.color(QStringLiteral("line.strong"));
    for (const GraphItem &item : graph_->items) {
        QRectF box = toMap(item.rect);
        box.setHeight(std::max(1.0, box.height()));
        p.fillRect(box, item.heat ? colours.heatColor(item.heatShare, item.heatDiverges) : plain);
    }
}

void Minimap::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        picture_ = QPixmap();
    QWidget::changeEvent(event);
}

void Minimap::paintEvent(QPaintEvent *)
{
    if (!graph_)
        return;
    if (picture_.isNull())
        draw();
    QPainter p(this);
    p.drawPixmap(0, 0, picture_);
    p.setPen(theme_.color(QStringLiteral("line.strong")));
    p.drawRect(rect().adjusted(0, 0, -1, -1));
    QRectF shown = toMap(area_).intersected(QRectF(rect()).adjusted(1, 1, -2, -2));
    shown.setHeight(std::max(3.0, shown.height()));
    p.setPen(QPen(theme_.color(QStringLiteral("focus")), 1.5));
    p.drawRect(shown);
}

void Minimap::pointAt(const QPointF &pixel)
{
    if (!graph_)
        return;
    const QRectF whole = toMap(graph_->bounds);
    const QRectF &all = graph_->bounds;
    emit wanted({all.left() + (pixel.x() - whole.left()) / whole.width() * all.width(),
                 all.top() + (pixel.y() - whole.top()) / whole.height() * all.height()});
}

void Minimap::mousePressEvent(QMouseEvent *event)
{
    pointAt(event->position());
}

void Minimap::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & Qt::LeftButton)
        pointAt(event->position());
}

} // namespace kasuri::app
