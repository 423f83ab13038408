#include "app/graph/graph_canvas.h"

#include <QPainter>
#include <algorithm>

#include "app/graph/graph_access.h"
#include "app/graph/graph_painter.h"
#include "app/graph/hover_card.h"
#include "app/graph/minimap.h"
#include "app/graph/peek_sheet.h"
#include "app/style/font_scale.h"

namespace kasuri::app {
namespace {

constexpr int kBandAlpha = 28;

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
    installGraphAccess(); // before anything tells of this widget
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
    QSet<QString> several; // selected together
    if (graph_ && marks_.linked.size() > 1)
        for (int item : std::as_const(marks_.linked))
            for (const QString &name : graph_->items[item].operators)
                several.insert(name);
    const bool seen = !kept.isEmpty()
        && view_.toPixel(graph_->items[marks_.selected].rect).intersects(QRectF(rect()));
    const int held = graph_ && !keep.isEmpty() ? itemOf(keep) : -1;
    const QPointF corner
        = held >= 0 ? view_.toPixel(graph_->items[held].rect.topLeft()) : QPointF();
    graph_ = std::move(graph);
    map_->setGraph(graph_);
    if (!recoloured) {
        peek_->hide();
        card_->leave();
        marks_.selected = marks_.hovered = marks_.hoveredStub = marks_.focusedStub = -1;
        marks_.linked.clear();
        marks_.hits.clear();
        marks_.path.clear();
        missing_ = false;
        if (!kept.isEmpty())
            marks_.selected = itemOf(kept);
        for (int i = 0; graph_ && !several.isEmpty() && i < graph_->items.size(); ++i)
            if (sharesOne(graph_->items[i], several))
                marks_.linked.insert(i);
        announce(QAccessible::ObjectReorder);
    }
    if (graph_)
        markHull();
    if (const int there = held >= 0 ? itemOf(keep) : -1; there >= 0) {
        view_.moveTo(corner - graph_->items[there].rect.topLeft() * view_.scale());
        if (view_.toPixel(graph_->bounds).height() <= height())
            fitted_ = false;
        else
            reveal(there);
    }
    if (!fitted_)
        fitAll();
    if (seen && marks_.selected >= 0)
        reveal(marks_.selected);
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
    hull_ = GraphHull{};
    fitted_ = false;
    announce(QAccessible::ObjectReorder);
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

void GraphCanvas::selectOperators(const QStringList &operators, const GraphHull &hull)
{
    marks_.linked.clear();
    marks_.selected = marks_.focusedStub = -1;
    hull_ = hull;
    if (!graph_)
        return;
    markHull();
    const QSet<QString> wanted(operators.begin(), operators.end());
    for (int i = 0; i < graph_->items.size(); ++i)
        if (sharesOne(graph_->items[i], wanted))
            marks_.linked.insert(i);
    missing_ = marks_.linked.isEmpty() && !operators.isEmpty();
    // Of several that perform a part of it, the one that is it.
    for (int item : std::as_const(marks_.linked))
        if (marks_.linked.size() == 1 || graph_->items[item].operators == operators)
            marks_.selected = item;
    if (operators != taken_)
        taken_.clear();
    if (!marks_.linked.isEmpty() && taken_.isEmpty()
        && reveal(*std::min_element(marks_.linked.begin(), marks_.linked.end())))
        moved();
    announce(QAccessible::Selection);
    update();
}

void GraphCanvas::markHull()
{
    marks_.hull = hullOf(*graph_, hull_.operators);
    marks_.hullTitle = hull_.title;
    marks_.hullNote = hull_.note;
}

void GraphCanvas::announce(QAccessible::Event what)
{
    const int item = what == QAccessible::ObjectReorder ? -1 : marks_.selected;
    QAccessibleEvent event(this, what);
    event.setChild(item);
    QAccessible::updateAccessibility(&event);
    emit announced(what, item);
}

void GraphCanvas::setHits(const QSet<int> &hits, bool searching)
{
    marks_.hits = hits;
    marks_.searching = searching;
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
    GraphPainter(theme_, font(), textScale_)
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
    if (const QString said = words(); !said.isEmpty()) {
        const QRectF text = QRectF(rect()).adjusted(0, 0, 0, -10);
        const double wide = painter.fontMetrics().horizontalAdvance(said) + 24;
        const double high = scaledPx(24);
        const QRectF box(text.center().x() - wide / 2, text.bottom() - high, wide, high);
        painter.setPen(theme_.color(QStringLiteral("line")));
        painter.setBrush(theme_.color(QStringLiteral("panel")));
        painter.drawRoundedRect(box, 4, 4);
        painter.setPen(theme_.color(QStringLiteral("text.2")));
        painter.drawText(box, Qt::AlignCenter, said);
    }
    if (!band_.isEmpty()) {
        QColor inside = theme_.color(QStringLiteral("focus"));
        painter.setPen(QPen(inside, 1, Qt::DashLine));
        inside.setAlpha(kBandAlpha);
        painter.setBrush(inside);
        painter.drawRect(band_);
    }
    if (hasFocus() && marks_.selected < 0) {
        painter.setPen(QPen(theme_.color(QStringLiteral("focus")), 1, Qt::DotLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(1, 1, -2, -2));
    }
}

QString GraphCanvas::words() const
{
    if (missing_)
        return tr("What is selected has no counterpart here.");
    if (graph_ && marks_.focusedStub >= 0)
        return tr("From %1. Enter jumps there.")
            .arg(graph_->items[graph_->edges[marks_.focusedStub].from].title);
    return note_;
}

void GraphCanvas::showChanges(bool shown)
{
    marks_.changes = shown;
    update();
}

} // namespace kasuri::app
