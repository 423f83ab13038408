// What part of the graph a canvas looks at, and what that follows.
#include <QResizeEvent>
#include <algorithm>

#include "app/graph/graph_canvas.h"
#include "app/graph/minimap.h"
#include "app/graph/peek_sheet.h"

namespace kasuri::app {
namespace {

constexpr double kReadableScale = 0.4, kFirstScale = 0.5, kSmallestScale = 0.02;
constexpr int kMapMargin = 12, kMapNeedsWidth = 720, kMapNeedsHeight = 300;

} // namespace

double GraphCanvas::smallestScale() const
{
    if (!graph_ || graph_->bounds.isEmpty())
        return kSmallestScale;
    const double all
        = std::min(width() / graph_->bounds.width(), height() / graph_->bounds.height());
    return std::min(kSmallestScale, all);
}

void GraphCanvas::fitAll(bool overview)
{
    if (!graph_ || graph_->bounds.isEmpty())
        return;
    fitted_ = true;
    const QRectF &bounds = graph_->bounds;
    double scale = std::min({width() / bounds.width(), height() / bounds.height(), textScale_});
    double middle = bounds.center().x();
    if (scale < kReadableScale * textScale_ && !overview && !graph_->items.isEmpty()) {
        // A tall chain would vanish: the first screen shows its beginning at a readable size.
        const auto first = std::min_element(
            graph_->items.begin(), graph_->items.end(),
            [](const GraphItem &a, const GraphItem &b) { return a.rect.top() < b.rect.top(); });
        scale = std::clamp(width() / bounds.width(), kFirstScale * textScale_, textScale_);
        if (bounds.width() * scale > width())
            middle = first->rect.center().x();
    }
    view_.centre({middle, bounds.top()}, QPointF(width() / 2.0, 0), scale);
    if (bounds.height() * scale < height())
        view_.centre({middle, bounds.center().y()}, rect().center(), scale);
    moved();
}

void GraphCanvas::zoomTo(double scale)
{
    view_.zoomAt(rect().center(), scale / zoom(), smallestScale());
    moved();
}

/// Everything grows with the text: the picture is enlarged where it stands.
void GraphCanvas::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::FontChange || textScale_ == fontScale())
        return;
    view_.zoomAt(rect().center(), fontScale() / textScale_, 0);
    textScale_ = fontScale();
    updateMap();
    update();
}

void GraphCanvas::updateMap()
{
    map_->setVisibleArea(view_.toScene(QRectF(rect())));
    // In a small canvas it would hide more than it shows.
    if (width() < kMapNeedsWidth || height() < kMapNeedsHeight)
        map_->hide();
}

void GraphCanvas::moved()
{
    updateMap();
    if (peek_->isVisible() && peeked_ >= 0)
        peek_->standBeside(view_.toPixel(graph_->items[peeked_].rect));
    emit viewMoved(view_.scale());
    update();
}

bool GraphCanvas::reveal(const QRectF &box)
{
    const QRectF shown = view_.toPixel(box);
    if (rect().adjusted(20, 20, -20, -20).contains(shown.toRect()))
        return false;
    view_.moveTo(view_.offset() + QPointF(rect().center()) - shown.center());
    return true;
}

GraphAnchor GraphCanvas::anchor() const
{
    GraphAnchor found;
    found.scale = view_.scale();
    found.top = view_.offset().y();
    if (!graph_)
        return found;
    const QPointF middle = view_.toScene(QPointF(rect().center()));
    double nearest = 0;
    const auto look = [&](int number) {
        const GraphItem &item = graph_->items[number];
        const double distance = (item.rect.center() - middle).manhattanLength();
        if (item.operators.isEmpty() || (!found.operators.isEmpty() && distance >= nearest))
            return;
        nearest = distance;
        found.operators = item.operators;
        found.x = view_.toPixel(item.rect.center()).x();
        found.y = view_.toPixel(item.rect.center()).y();
    };
    graph_->itemBands.forEach(view_.toScene(QRectF(rect())), look);
    for (int i = 0; found.operators.isEmpty() && i < graph_->items.size(); ++i)
        look(i);
    return found;
}

QRectF GraphCanvas::boxOf(const QStringList &operators) const
{
    const QSet<QString> wanted(operators.begin(), operators.end());
    QRectF box;
    for (const GraphItem &item : graph_->items)
        if (std::any_of(item.operators.begin(), item.operators.end(),
                        [&](const QString &name) { return wanted.contains(name); }))
            box |= item.rect;
    return box;
}

void GraphCanvas::follow(const GraphAnchor &anchor, Follow how)
{
    if (!graph_)
        return;
    const QRectF box = boxOf(anchor.operators);
    view_.zoomAt(rect().center(), anchor.scale / view_.scale(), 0);
    if (!box.isNull()) {
        const QRectF shown = view_.toPixel(box);
        const bool inside = shown.left() >= 0 && shown.right() <= width();
        const double x = how == Follow::Exactly    ? anchor.x
            : how == Follow::SameHeights && inside ? shown.center().x()
                                                   : rect().center().x();
        view_.centre(box.center(), QPointF(x, anchor.y), anchor.scale);
    }
    if (how == Follow::SameHeights)
        view_.moveTo({view_.offset().x(), anchor.top});
    fitted_ = true;
    if (how == Follow::Exactly)
        return moved();
    updateMap();
    update();
}

void GraphCanvas::resizeEvent(QResizeEvent *event)
{
    map_->move(width() - map_->width() - kMapMargin, height() - map_->height() - kMapMargin);
    if (graph_ && !fitted_)
        return fitAll();
    // What was in the middle stays there.
    if (event->oldSize().isValid())
        view_.moveTo(view_.offset()
                     + QPointF((event->size().width() - event->oldSize().width()) / 2.0, 0));
    updateMap();
}

} // namespace kasuri::app
