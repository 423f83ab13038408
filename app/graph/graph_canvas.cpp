#include "app/graph/graph_canvas.h"

#include <QPainter>
#include <QResizeEvent>
#include <algorithm>
#include <cmath>

#include "app/graph/graph_painter.h"
#include "app/graph/hover_card.h"
#include "app/graph/minimap.h"
#include "app/graph/peek_sheet.h"

namespace kasuri::app {
namespace {

constexpr double kReadableScale = 0.4, kFirstScale = 0.5, kSmallestScale = 0.02;
constexpr int kMapMargin = 12, kMapNeedsWidth = 560, kMapNeedsHeight = 300;

bool sharesOne(const GraphItem &item, const QSet<QString> &wanted)
{
    return std::any_of(item.operators.begin(), item.operators.end(),
                       [&](const QString &name) { return wanted.contains(name); });
}

} // namespace

GraphCanvas::GraphCanvas(const Theme &theme, QWidget *parent)
    : QWidget(parent), theme_(theme), card_(new HoverCard(theme, this)),
      map_(new Minimap(theme, this)), peek_(new PeekSheet(theme, this))
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_InputMethodEnabled, false);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Graph"));
    setMinimumSize(240, 160);
    connect(map_, &Minimap::wanted, this, [this](const QPointF &middle) {
        view_.centre(middle, rect().center(), view_.scale());
        moved();
    });
    connect(peek_, &PeekSheet::operatorChosen, this,
            [this](const QString &name) { emit operatorsSelected({name}); });
}

void GraphCanvas::setGeometryData(GeometryPointer graph, const QStringList &keep)
{
    // The same picture in new colours keeps everything that is marked in it.
    const bool recoloured = graph_ && graph && graph_->items.size() == graph->items.size()
        && graph_->bounds == graph->bounds;
    const QStringList kept
        = graph_ && marks_.selected >= 0 ? graph_->items[marks_.selected].operators : QStringList();
    const int held = graph_ && !keep.isEmpty() ? itemOf(keep) : -1;
    const QPointF corner
        = held >= 0 ? view_.toPixel(graph_->items[held].rect.topLeft()) : QPointF();
    graph_ = std::move(graph);
    map_->setGraph(graph_);
    if (!recoloured) {
        peek_->hide();
        card_->leave();
        marks_.selected = marks_.hovered = -1;
        marks_.linked.clear();
        marks_.hits.clear();
        marks_.path.clear();
        missing_ = false;
        if (!kept.isEmpty())
            marks_.selected = itemOf(kept);
    }
    if (const int there = held >= 0 ? itemOf(keep) : -1; there >= 0) {
        view_.moveTo(corner - graph_->items[there].rect.topLeft() * view_.scale());
        if (view_.toPixel(graph_->bounds).height() <= height())
            fitted_ = false;
        else
            reveal(there);
    }
    if (!fitted_)
        fitAll();
    moved();
}

void GraphCanvas::setMessage(const QString &message)
{
    message_ = message;
    graph_.reset();
    map_->setGraph(nullptr);
    map_->hide();
    peek_->hide();
    card_->leave();
    const bool changes = marks_.changes;
    marks_ = GraphMarks{};
    marks_.changes = changes;
    fitted_ = false;
    update();
}

int GraphCanvas::itemOf(const QStringList &operators) const
{
    const QSet<QString> wanted(operators.begin(), operators.end());
    for (int i = 0; i < graph_->items.size(); ++i)
        if (sharesOne(graph_->items[i], wanted))
            return i;
    return -1;
}

void GraphCanvas::selectOperators(const QStringList &operators)
{
    marks_.linked.clear();
    marks_.selected = -1;
    if (!graph_)
        return;
    const QSet<QString> wanted(operators.begin(), operators.end());
    for (int i = 0; i < graph_->items.size(); ++i)
        if (sharesOne(graph_->items[i], wanted))
            marks_.linked.insert(i);
    missing_ = marks_.linked.isEmpty() && !operators.isEmpty();
    // Of several that perform a part of it, the one that is it.
    for (int item : std::as_const(marks_.linked))
        if (marks_.linked.size() == 1 || graph_->items[item].operators == operators)
            marks_.selected = item;
    if (!marks_.linked.isEmpty()
        && reveal(*std::min_element(marks_.linked.begin(), marks_.linked.end())))
        moved();
    update();
}

void GraphCanvas::setHits(const QSet<int> &hits, bool searching)
{
    marks_.hits = hits;
    marks_.searching = searching;
    update();
}

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
    double scale = std::min({width() / bounds.width(), height() / bounds.height(), 1.0});
    double middle = bounds.center().x();
    if (scale < kReadableScale && !overview && !graph_->items.isEmpty()) {
        // A tall chain would vanish: the first screen shows its beginning at a readable size.
        const auto first = std::min_element(
            graph_->items.begin(), graph_->items.end(),
            [](const GraphItem &a, const GraphItem &b) { return a.rect.top() < b.rect.top(); });
        scale = std::clamp(width() / bounds.width(), kFirstScale, 1.0);
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
    view_.zoomAt(rect().center(), scale / view_.scale(), smallestScale());
    moved();
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

void GraphCanvas::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme_.color(QStringLiteral("canvas")));
    if (!graph_) {
        painter.setPen(theme_.color(QStringLiteral("text.2")));
        painter.drawText(rect(), Qt::AlignCenter, message_);
        return;
    }
    painter.translate(view_.offset());
    painter.scale(view_.scale(), view_.scale());
    GraphPainter(theme_, font())
        .paint(painter, *graph_, marks_, view_.toScene(QRectF(rect())), view_.scale());
    painter.resetTransform();
    paintOverlays(painter);
}

void GraphCanvas::paintOverlays(QPainter &painter)
{
    painter.setRenderHint(QPainter::Antialiasing);
    if (peek_->isVisible() && peeked_ >= 0) {
        const QRectF card = view_.toPixel(graph_->items[peeked_].rect), sheet = peek_->geometry();
        const bool right = sheet.center().x() > card.center().x();
        QPen lens(theme_.color(QStringLiteral("focus")), 1, Qt::DashLine);
        painter.setPen(lens);
        painter.drawLine(right ? card.topRight() : card.topLeft(),
                         right ? sheet.topLeft() : sheet.topRight());
        painter.drawLine(right ? card.bottomRight() : card.bottomLeft(),
                         right ? sheet.bottomLeft() : sheet.bottomRight());
    }
    const QString words = missing_ ? tr("What is selected has no counterpart here.") : note_;
    if (!words.isEmpty()) {
        const QRectF text = QRectF(rect()).adjusted(0, 0, 0, -10);
        const double wide = painter.fontMetrics().horizontalAdvance(words) + 24;
        const QRectF box(text.center().x() - wide / 2, text.bottom() - 24, wide, 24);
        painter.setPen(theme_.color(QStringLiteral("line")));
        painter.setBrush(theme_.color(QStringLiteral("panel")));
        painter.drawRoundedRect(box, 4, 4);
        painter.setPen(theme_.color(QStringLiteral("text.2")));
        painter.drawText(box, Qt::AlignCenter, words);
    }
    if (hasFocus() && marks_.selected < 0) {
        painter.setPen(QPen(theme_.color(QStringLiteral("focus")), 1, Qt::DotLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(1, 1, -2, -2));
    }
}

bool GraphCanvas::reveal(int item)
{
    const QRectF shown = view_.toPixel(graph_->items[item].rect);
    if (rect().adjusted(20, 20, -20, -20).contains(shown.toRect()))
        return false;
    view_.moveTo(view_.offset() + QPointF(rect().center()) - shown.center());
    return true;
}

GraphAnchor GraphCanvas::anchor() const
{
    GraphAnchor found{{}, 0, view_.scale()};
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
        found.y = view_.toPixel(item.rect.center()).y();
    };
    graph_->itemBands.forEach(view_.toScene(QRectF(rect())), look);
    for (int i = 0; found.operators.isEmpty() && i < graph_->items.size(); ++i)
        look(i);
    return found;
}

void GraphCanvas::follow(const GraphAnchor &anchor)
{
    if (!graph_)
        return;
    const QSet<QString> wanted(anchor.operators.begin(), anchor.operators.end());
    QRectF box;
    for (const GraphItem &item : graph_->items)
        if (sharesOne(item, wanted))
            box |= item.rect;
    view_.zoomAt(rect().center(), anchor.scale / view_.scale(), 0);
    if (!box.isNull())
        view_.centre(box.center(), QPointF(rect().center().x(), anchor.y), anchor.scale);
    fitted_ = true;
    updateMap();
    update();
}

void GraphCanvas::showChanges(bool shown)
{
    marks_.changes = shown;
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
