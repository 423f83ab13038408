// What mouse and keys do on the kernel timeline.
#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "app/charts/kernel_timeline.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kClickSlop = 4, kWheelBase = 1.0015, kKeyZoom = 1.25, kLeastShare = 1e-4;

} // namespace

void KernelTimeline::look(const AxisWindow &window)
{
    if (window == window_)
        return;
    setWindow(window);
    emit looked();
}

void KernelTimeline::wheelEvent(QWheelEvent *event)
{
    const QRectF area = plot();
    if (area.width() <= 0)
        return event->ignore();
    const double at = std::clamp((event->position().x() - area.left()) / area.width(), 0.0, 1.0);
    look(window_.zoomed(at, std::pow(kWheelBase, -event->angleDelta().y()), kLeastShare));
}

void KernelTimeline::mousePressEvent(QMouseEvent *event)
{
    pressed_ = dragged_ = event->position().x();
    windowStart_ = window_;
    dragging_ = false;
    taking_ = !bars_.isEmpty() && (event->modifiers() & Qt::ControlModifier);
}

void KernelTimeline::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton))
        return;
    dragged_ = event->position().x();
    dragging_ = dragging_ || std::abs(dragged_ - pressed_) > kClickSlop;
    if (dragging_ && taking_)
        update();
    else if (dragging_)
        look(windowStart_.moved((pressed_ - dragged_) / std::max(1.0, plot().width())
                                * windowStart_.span()));
}

void KernelTimeline::mouseReleaseEvent(QMouseEvent *event)
{
    if (!dragging_)
        select(barAt(event->position()));
    else if (taking_)
        takeRange();
    dragging_ = taking_ = false;
    update();
}

void KernelTimeline::takeRange()
{
    const double from = toMs(std::min(pressed_, dragged_)), to = toMs(std::max(pressed_, dragged_));
    QStringList operators;
    for (const Bar &bar : bars_)
        if (bar.start < to && bar.start + bar.length > from)
            operators += bar.step->sources;
    operators.removeDuplicates();
    emit rangeTaken(operators, tr("time, %1–%2 ms").arg(formatMs(from), formatMs(to)));
}

void KernelTimeline::keyPressEvent(QKeyEvent *event)
{
    const int last = int(bars_.size()) - 1;
    if (last < 0)
        return QWidget::keyPressEvent(event);
    switch (event->key()) {
    case Qt::Key_Right:
        return select(std::min(current_ + 1, last));
    case Qt::Key_Left:
        return select(std::max(current_ - 1, 0));
    case Qt::Key_Home:
        return select(0);
    case Qt::Key_End:
        return select(last);
    case Qt::Key_Space:
        return look({});
    case Qt::Key_Plus:
    case Qt::Key_Minus:
        return look(window_.zoomed(0.5, event->key() == Qt::Key_Plus ? 1 / kKeyZoom : kKeyZoom,
                                   kLeastShare));
    default:
        QWidget::keyPressEvent(event);
    }
}

bool KernelTimeline::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto *help = static_cast<QHelpEvent *>(event);
    const int at = barAt(help->pos());
    if (at < 0)
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(),
                           tr("%1\n%2\n%3 ms from %4 ms on")
                               .arg(bars_[at].step->name, bars_[at].step->title,
                                    formatMs(bars_[at].length), formatMs(bars_[at].start)));
    return true;
}

} // namespace kasuri::app
