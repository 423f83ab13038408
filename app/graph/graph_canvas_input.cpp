// What mouse and keys do on the canvas.
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <cmath>

#include "app/graph/graph_canvas.h"
#include "app/graph/graph_painter.h"
#include "app/graph/graph_walk.h"
#include "app/graph/hover_card.h"
#include "app/graph/peek_sheet.h"

namespace kasuri::app {
namespace {

constexpr double kHeader = 30, kChevron = 26, kWheelBase = 1.0015;

} // namespace

int GraphCanvas::itemAt(const QPointF &pixel) const
{
    int found = -1;
    if (graph_)
        graph_->itemBands.forEach(QRectF(view_.toScene(pixel), QSizeF(0, 0)),
                                  [&](int item) { found = item; });
    return found;
}

int GraphCanvas::frameHeadAt(const QPointF &pixel) const
{
    if (!graph_ || detailAt(zoom()) < Detail::Names)
        return -1;
    const QPointF at = view_.toScene(pixel);
    for (int f = int(graph_->frames.size()); f-- > 0;) {
        const QRectF &rect = graph_->frames[f].rect;
        if (rect.contains(at) && at.y() < rect.top() + kHeader)
            return f;
    }
    return -1;
}

/// Whether the click met a chevron or a badge.
bool GraphCanvas::clickFold(const QPointF &pixel)
{
    const QPointF at = view_.toScene(pixel);
    const int item = itemAt(pixel);
    if (item >= 0 && graph_->items[item].isGroup
        && at.x() < graph_->items[item].rect.left() + kChevron) {
        emit foldRequested(graph_->items[item].name, false);
        return true;
    }
    const int head = item < 0 ? frameHeadAt(pixel) : -1;
    if (head < 0)
        return false;
    const GraphFrame &frame = graph_->frames[head];
    const double left = GraphPainter::headOf(frame, view_.toScene(QRectF(rect()))).left();
    if (at.x() < left + kChevron) {
        emit foldRequested(frame.path, true);
        return true;
    }
    if (frame.repeats > 0)
        emit blocksRequested(frame.path, mapToGlobal(pixel.toPoint()));
    return frame.repeats > 0;
}

void GraphCanvas::select(int item, bool tell)
{
    if (item != marks_.selected)
        peek_->hide();
    marks_.selected = item;
    marks_.focusedStub = -1;
    marks_.linked.clear();
    missing_ = false;
    if (item >= 0 && reveal(item))
        moved();
    if (tell)
        emit operatorsSelected(item >= 0 ? graph_->items[item].operators : QStringList());
    if (item >= 0 && hasFocus())
        announce(QAccessible::Focus);
    announce(QAccessible::Selection);
    update();
}

void GraphCanvas::walk(int key)
{
    if (!graph_ || graph_->items.isEmpty())
        return;
    marks_.keyboard = true;
    if (marks_.selected < 0)
        return select(0, true);
    if (walkPills(key))
        return;
    if (const int next = neighbour(*graph_, marks_.selected, key); next >= 0)
        select(next, true);
}

void GraphCanvas::foldSelected()
{
    if (!graph_ || marks_.selected < 0)
        return;
    const int item = marks_.selected;
    if (graph_->items[item].isGroup)
        return emit foldRequested(graph_->items[item].name, false);
    if (const int frame = graph_->frameOf[item]; frame >= 0)
        emit foldRequested(graph_->frames[frame].path, true);
}

void GraphCanvas::peekSelected()
{
    if (peek_->isVisible()) {
        peek_->hide();
        return update();
    }
    if (!graph_ || marks_.selected < 0)
        return;
    peeked_ = marks_.selected;
    emit peekRequested(peeked_);
    moved();
}

/// The first P remembers where the path begins, the second shows it, the third forgets it.
void GraphCanvas::findPath()
{
    if (!graph_)
        return;
    if (!marks_.path.isEmpty() || marks_.selected < 0) {
        marks_.path.clear();
        pathStart_.clear();
        note_.clear();
    } else if (pathStart_.isEmpty()) {
        pathStart_ = graph_->items[marks_.selected].operators;
        note_ = tr("Path from %1: select where it ends, then P.")
                    .arg(graph_->items[marks_.selected].title);
    } else {
        const int start = itemOf(pathStart_);
        marks_.path = start < 0 ? QSet<int>() : between(*graph_, start, marks_.selected);
        note_ = marks_.path.isEmpty()
            ? tr("Nothing flows between the two.")
            : tr("%1 items between the two. P or Esc ends.").arg(marks_.path.size());
        pathStart_.clear();
    }
    update();
}

void GraphCanvas::zoomToSelection()
{
    if (!graph_ || marks_.selected < 0)
        return;
    view_.centre(graph_->items[marks_.selected].rect.center(), rect().center(), 1);
    moved();
}

void GraphCanvas::keyPressEvent(QKeyEvent *event)
{
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    switch (event->key()) {
    case Qt::Key_Space:
        return fitAll(true);
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Left:
    case Qt::Key_Right:
        return walk(event->key());
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (shift)
            return peekSelected();
        if (!jumpAlong(marks_.focusedStub) && !jumpAlong(marks_.hoveredStub))
            foldSelected();
        return;
    case Qt::Key_P:
        return findPath();
    case Qt::Key_Z:
        return zoomToSelection();
    case Qt::Key_Plus:
        return zoomTo(zoom() * 1.25);
    case Qt::Key_Minus:
        return zoomTo(zoom() / 1.25);
    case Qt::Key_Escape:
        peek_->hide();
        marks_.path.clear();
        pathStart_.clear();
        note_.clear();
        return select(-1, true);
    default:
        QWidget::keyPressEvent(event);
    }
}

void GraphCanvas::wheelEvent(QWheelEvent *event)
{
    card_->leave();
    view_.zoomAt(event->position(), std::pow(kWheelBase, event->angleDelta().y()), smallestScale());
    moved();
    event->accept();
}

void GraphCanvas::mousePressEvent(QMouseEvent *event)
{
    card_->leave();
    marks_.keyboard = false;
    dragStart_ = event->position();
    offsetStart_ = view_.offset();
    dragging_ = false;
    taking_ = graph_ && (event->modifiers() & Qt::ControlModifier);
}

void GraphCanvas::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & Qt::LeftButton) {
        const QPointF way = event->position() - dragStart_;
        dragging_ = dragging_ || way.manhattanLength() > 4;
        if (dragging_ && taking_) {
            band_ = QRectF(dragStart_, event->position()).normalized();
            update();
        } else if (dragging_) {
            view_.moveTo(offsetStart_ + way);
            moved();
        }
        return;
    }
    const int hovered = itemAt(event->position());
    const int stub = hovered < 0 ? stubAt(event->position()) : -1;
    if (stub != marks_.hoveredStub) {
        marks_.hoveredStub = stub;
        if (stub >= 0)
            marks_.focusedStub = -1;
        update();
    }
    if (hovered < 0)
        card_->leave();
    if (hovered == marks_.hovered)
        return;
    marks_.hovered = hovered;
    if (hovered >= 0)
        card_->rest(graph_->items[hovered], event->position());
    update();
}

void GraphCanvas::mouseReleaseEvent(QMouseEvent *event)
{
    if (taking_ && graph_) {
        dragging_ ? takeInside(band_) : takeAt(event->position());
    } else if (!dragging_ && event->button() == Qt::LeftButton && graph_) {
        if (!jumpAlong(stubAt(event->position())) && !clickFold(event->position()))
            select(itemAt(event->position()), true);
    }
    dragging_ = taking_ = false;
    band_ = QRectF();
}

void GraphCanvas::mouseDoubleClickEvent(QMouseEvent *event)
{
    const int item = itemAt(event->position());
    if (item >= 0 && graph_->items[item].isGroup)
        return emit foldRequested(graph_->items[item].name, false);
    if (item >= 0 && graph_->items[item].operators.size() > 1) {
        select(item, true);
        if (!peek_->isVisible())
            peekSelected();
    }
}

/// Esc first ends what is open here; only then is it the window's.
bool GraphCanvas::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride
        && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape
        && (peek_->isVisible() || !marks_.path.isEmpty() || !note_.isEmpty()
            || marks_.selected >= 0)) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void GraphCanvas::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    if (marks_.selected >= 0)
        announce(QAccessible::Focus);
}

void GraphCanvas::leaveEvent(QEvent *)
{
    card_->leave();
    marks_.hovered = marks_.hoveredStub = -1;
    update();
}

} // namespace kasuri::app
