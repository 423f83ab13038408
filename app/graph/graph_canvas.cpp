#include "app/graph/graph_canvas.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>
#include <cmath>

namespace kasuri::app {
namespace {

constexpr double kReadableScale = 0.4, kSmallestScale = 0.02, kLargestScale = 4;

} // namespace

GraphCanvas::GraphCanvas(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_InputMethodEnabled, false);
    setAccessibleName(tr("Graph"));
    setMinimumSize(240, 160);
}

void GraphCanvas::setGeometryData(GeometryPointer graph)
{
    // The same picture in new colours keeps everything that is marked in it.
    const bool recoloured = graph_ && graph && graph_->items.size() == graph->items.size()
        && graph_->bounds == graph->bounds;
    const QStringList kept
        = graph_ && marks_.selected >= 0 ? graph_->items[marks_.selected].operators : QStringList();
    const bool changes = marks_.changes;
    graph_ = std::move(graph);
    if (!recoloured) {
        marks_ = GraphMarks{};
        marks_.changes = changes;
        hitOrder_.clear();
        missing_ = false;
        if (!kept.isEmpty())
            selectOperators(kept);
    }
    if (!fitted_)
        fitAll();
    update();
}

void GraphCanvas::setMessage(const QString &message)
{
    message_ = message;
    graph_.reset();
    fitted_ = false;
    update();
}

void GraphCanvas::selectOperators(const QStringList &operators)
{
    marks_.linked.clear();
    marks_.selected = -1;
    if (!graph_)
        return;
    const QSet<QString> wanted(operators.begin(), operators.end());
    for (int i = 0; i < graph_->items.size(); ++i)
        for (const QString &name : graph_->items[i].operators)
            if (wanted.contains(name)) {
                marks_.linked.insert(i);
                break;
            }
    missing_ = marks_.linked.isEmpty() && !operators.isEmpty();
    if (marks_.linked.size() == 1)
        marks_.selected = *marks_.linked.begin();
    if (!marks_.linked.isEmpty())
        reveal(*std::min_element(marks_.linked.begin(), marks_.linked.end()));
    update();
}

int GraphCanvas::search(const QString &text)
{
    marks_.hits.clear();
    hitOrder_.clear();
    if (graph_ && !text.isEmpty())
        for (int i = 0; i < graph_->items.size(); ++i)
            if (graph_->items[i].searchText.contains(text, Qt::CaseInsensitive)) {
                marks_.hits.insert(i);
                hitOrder_.append(i);
            }
    if (!hitOrder_.isEmpty())
        select(hitOrder_.first(), true);
    update();
    return int(hitOrder_.size());
}

void GraphCanvas::nextHit(int direction)
{
    if (hitOrder_.isEmpty())
        return;
    const int count = int(hitOrder_.size());
    const int at = int(hitOrder_.indexOf(marks_.selected));
    select(hitOrder_[(at + direction + count) % count], true);
}

void GraphCanvas::fitAll(bool overview)
{
    if (!graph_ || graph_->bounds.isEmpty())
        return;
    fitted_ = true;
    const double across = width() / graph_->bounds.width(),
                 down = height() / graph_->bounds.height();
    scale_ = std::clamp(std::min(across, down), kSmallestScale, 1.0);
    double middle = graph_->bounds.center().x();
    if (scale_ < kReadableScale && !overview) {
        // A tall chain would vanish: the first screen shows its beginning at a readable size
        // instead.
        scale_ = 1;
        const auto first = std::min_element(
            graph_->items.begin(), graph_->items.end(),
            [](const GraphItem &a, const GraphItem &b) { return a.rect.top() < b.rect.top(); });
        middle = first->rect.center().x();
    }
    offset_ = QPointF(width() / 2.0 - middle * scale_, -graph_->bounds.top() * scale_);
    emit viewMoved(scale_);
    update();
}

void GraphCanvas::zoomTo(double scale)
{
    zoomAt(rect().center(), scale / scale_);
}

void GraphCanvas::zoomAt(const QPointF &pixel, double factor)
{
    const double next = std::clamp(scale_ * factor, kSmallestScale, kLargestScale);
    offset_ = pixel - (pixel - offset_) * (next / scale_);
    scale_ = next;
    emit viewMoved(scale_);
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
    painter.translate(offset_);
    painter.scale(scale_, scale_);
    const QRectF visible(toScene({0, 0}), toScene({double(width()), double(height())}));
    GraphPainter(theme_, font()).paint(painter, *graph_, marks_, visible, scale_);
    painter.resetTransform();
    if (missing_) {
        painter.setPen(theme_.color(QStringLiteral("text.2")));
        painter.drawText(rect().adjusted(0, 0, 0, -8), Qt::AlignHCenter | Qt::AlignBottom,
                         tr("What is selected has no counterpart here."));
    }
    if (hasFocus() && marks_.selected < 0) {
        QPen dotted(theme_.color(QStringLiteral("focus")), 1, Qt::DotLine);
        painter.setPen(dotted);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(1, 1, -2, -2));
    }
}

int GraphCanvas::itemAt(const QPointF &pixel) const
{
    if (!graph_)
        return -1;
    const QPointF at = toScene(pixel);
    for (int i = int(graph_->items.size()); i-- > 0;)
        if (graph_->items[i].rect.contains(at))
            return i;
    return -1;
}

void GraphCanvas::select(int item, bool tell)
{
    marks_.selected = item;
    marks_.linked.clear();
    missing_ = false;
    if (item >= 0 && reveal(item))
        emit viewMoved(scale_);
    if (tell)
        emit operatorsSelected(item >= 0 ? graph_->items[item].operators : QStringList());
    update();
}

bool GraphCanvas::reveal(int item)
{
    const QRectF box = graph_->items[item].rect;
    const QRectF shown(box.topLeft() * scale_ + offset_, box.size() * scale_);
    if (rect().adjusted(20, 20, -20, -20).contains(shown.toRect()))
        return false;
    offset_ += QPointF(rect().center()) - shown.center();
    return true;
}

GraphAnchor GraphCanvas::anchor() const
{
    GraphAnchor found{{}, 0, scale_};
    if (!graph_)
        return found;
    const QPointF middle = toScene(QPointF(rect().center()));
    double nearest = 0;
    for (const GraphItem &item : graph_->items) {
        const double distance = (item.rect.center() - middle).manhattanLength();
        if (item.operators.isEmpty() || (!found.operators.isEmpty() && distance >= nearest))
            continue;
        nearest = distance;
        found.operators = item.operators;
        found.y = item.rect.center().y() * scale_ + offset_.y();
    }
    return found;
}

void GraphCanvas::follow(const GraphAnchor &anchor)
{
    if (!graph_)
        return;
    const QSet<QString> wanted(anchor.operators.begin(), anchor.operators.end());
    QRectF box;
    for (const GraphItem &item : graph_->items)
        for (const QString &name : item.operators)
            if (wanted.contains(name)) {
                box |= item.rect;
                break;
            }
    const double changed = anchor.scale / scale_;
    const QPointF middle = rect().center();
    offset_ = middle - (middle - offset_) * changed;
    scale_ = anchor.scale;
    if (!box.isNull())
        offset_
            = QPointF(middle.x() - box.center().x() * scale_, anchor.y - box.center().y() * scale_);
    fitted_ = true;
    update();
}

void GraphCanvas::showChanges(bool shown)
{
    marks_.changes = shown;
    update();
}

void GraphCanvas::walk(int key)
{
    if (!graph_ || graph_->items.isEmpty())
        return;
    if (marks_.selected < 0)
        return select(0, true);
    const int here = marks_.selected;
    if (key == Qt::Key_Down && !graph_->outgoing[here].isEmpty())
        return select(graph_->edges[graph_->outgoing[here].first()].to, true);
    if (key == Qt::Key_Up && !graph_->incoming[here].isEmpty())
        return select(graph_->edges[graph_->incoming[here].first()].from, true);
    if (key != Qt::Key_Left && key != Qt::Key_Right)
        return;
    const QRectF box = graph_->items[here].rect;
    int best = -1;
    for (int i = 0; i < graph_->items.size(); ++i) {
        const QRectF other = graph_->items[i].rect;
        if (i == here || std::abs(other.center().y() - box.center().y()) > box.height())
            continue;
        const double step = other.center().x() - box.center().x();
        const bool ahead = key == Qt::Key_Right ? step > 0 : step < 0;
        if (ahead
            && (best < 0
                || std::abs(step)
                    < std::abs(graph_->items[best].rect.center().x() - box.center().x())))
            best = i;
    }
    if (best >= 0)
        select(best, true);
}

void GraphCanvas::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Space:
        return fitAll(true);
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Left:
    case Qt::Key_Right:
        return walk(event->key());
    case Qt::Key_Escape:
        search({});
        return select(-1, true);
    default:
        QWidget::keyPressEvent(event);
    }
}

void GraphCanvas::wheelEvent(QWheelEvent *event)
{
    zoomAt(event->position(), std::pow(1.0015, event->angleDelta().y()));
    event->accept();
}

void GraphCanvas::mousePressEvent(QMouseEvent *event)
{
    dragStart_ = event->position();
    offsetStart_ = offset_;
    dragging_ = false;
}

void GraphCanvas::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & Qt::LeftButton) {
        const QPointF moved = event->position() - dragStart_;
        dragging_ = dragging_ || moved.manhattanLength() > 4;
        if (dragging_) {
            offset_ = offsetStart_ + moved;
            emit viewMoved(scale_);
            update();
        }
        return;
    }
    const int hovered = itemAt(event->position());
    if (hovered != marks_.hovered) {
        marks_.hovered = hovered;
        update();
    }
}

void GraphCanvas::mouseReleaseEvent(QMouseEvent *event)
{
    if (!dragging_ && event->button() == Qt::LeftButton)
        select(itemAt(event->position()), true);
    dragging_ = false;
}

void GraphCanvas::resizeEvent(QResizeEvent *event)
{
    if (graph_ && !fitted_)
        return fitAll();
    // What was in the middle stays there.
    if (event->oldSize().isValid())
        offset_.rx() += (event->size().width() - event->oldSize().width()) / 2.0;
}

bool GraphCanvas::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto *help = static_cast<QHelpEvent *>(event);
    const int item = itemAt(help->pos());
    if (item < 0) {
        QToolTip::hideText();
        return true;
    }
    const GraphItem &it = graph_->items[item];
    QStringList lines{it.title, it.detail};
    if (it.heat)
        lines << it.heatText + QLatin1Char(' ') + it.heatUnit;
    if (it.operators.size() > 1)
        lines << tr("made from %1 operators").arg(it.operators.size());
    if (!it.unsupported.isEmpty())
        lines << it.unsupported;
    QToolTip::showText(help->globalPos(), lines.join(QLatin1Char('\n')), this);
    return true;
}

} // namespace kasuri::app
