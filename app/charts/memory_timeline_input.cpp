// What mouse and keys do on the memory timeline.
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <climits>
#include <cmath>

#include "app/charts/memory_timeline.h"

namespace kasuri::app {
namespace {

constexpr double kWheelBase = 1.0015, kKeyZoom = 1.25, kLeastShare = 1e-3, kSlop = 4;

} // namespace

void MemoryTimeline::moveTo(int step)
{
    if (scene_.empty())
        return;
    const PlanSpans &spans = scene_.front();
    step_ = std::clamp(step, 0, int(spans.ends.size()) - 1);
    x_ = (spans.start(step_) + spans.ends[step_]) / 2;
    if (!(window_.from <= x_ && x_ <= window_.to))
        look(window_.showing(x_, x_));
    emit stepChosen(step_);
    update();
}

void MemoryTimeline::look(const AxisWindow &window)
{
    if (window == window_)
        return;
    setWindow(window);
    emit looked();
}

double MemoryTimeline::shareAt(double pixel) const
{
    const QRectF plot = frame().plot;
    return window_.share(std::clamp((pixel - plot.left()) / std::max(1.0, plot.width()), 0.0, 1.0));
}

void MemoryTimeline::mousePressEvent(QMouseEvent *event)
{
    if (scene_.empty() || event->button() != Qt::LeftButton)
        return;
    pressed_ = dragged_ = event->position().x();
    windowStart_ = window_;
    if (strip().contains(event->position())) {
        drag_ = Drag::Brush;
    } else if (event->modifiers() & Qt::ControlModifier) {
        drag_ = Drag::Range;
    } else {
        drag_ = window_.whole() ? Drag::Cursor : Drag::Pan;
        moveTo(scene_.front().stepAt(shareAt(pressed_)));
        if (const BufferInfo *tensor = tensorAt(mode_, event->position(), frame(), scene_))
            emit tensorChosen(tensor->name);
    }
}

/// In the strip the brush is moved where it was taken, else drawn anew.
void MemoryTimeline::mouseMoveEvent(QMouseEvent *event)
{
    if (scene_.empty() || !(event->buttons() & Qt::LeftButton))
        return;
    dragged_ = event->position().x();
    const QRectF all = strip();
    const auto share = [&](double pixel) {
        return std::clamp((pixel - all.left()) / std::max(1.0, all.width()), 0.0, 1.0);
    };
    const double way = (dragged_ - pressed_) / std::max(1.0, all.width());
    const double first = std::min(share(pressed_), share(dragged_)),
                 last = std::max(share(pressed_), share(dragged_));
    const double start = share(pressed_);
    const bool held
        = !windowStart_.whole() && windowStart_.from <= start && start <= windowStart_.to;
    switch (drag_) {
    case Drag::Cursor:
        return moveTo(scene_.front().stepAt(shareAt(dragged_)));
    case Drag::Pan:
        return look(windowStart_.moved(-way * windowStart_.span()));
    case Drag::Brush:
        if (held)
            return look(windowStart_.moved(way));
        if (std::abs(dragged_ - pressed_) > kSlop && last - first > kLeastShare)
            look({first, last});
        return;
    case Drag::Range:
        return update();
    case Drag::None:
        return;
    }
}

void MemoryTimeline::mouseReleaseEvent(QMouseEvent *)
{
    if (drag_ == Drag::Range && std::abs(dragged_ - pressed_) > kSlop)
        takeRange();
    drag_ = Drag::None;
    update();
}

void MemoryTimeline::takeRange()
{
    const PlanSpans &spans = scene_.front();
    const int first = spans.stepAt(shareAt(std::min(pressed_, dragged_))),
              last = spans.stepAt(shareAt(std::max(pressed_, dragged_)));
    QStringList operators;
    for (int s = first; s <= last && s < spans.plan->steps.size(); ++s)
        operators += spans.plan->steps[s].sources;
    operators.removeDuplicates();
    emit rangeTaken(operators, tr("memory, steps %1–%2").arg(first + 1).arg(last + 1));
}

void MemoryTimeline::wheelEvent(QWheelEvent *event)
{
    const QRectF plot = frame().plot;
    if (scene_.empty() || plot.width() <= 0)
        return event->ignore();
    const double at = std::clamp((event->position().x() - plot.left()) / plot.width(), 0.0, 1.0);
    look(window_.zoomed(at, std::pow(kWheelBase, -event->angleDelta().y()), kLeastShare));
}

void MemoryTimeline::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
        return moveTo(step_ - 1);
    case Qt::Key_Right:
        return moveTo(step_ + 1);
    case Qt::Key_Home:
        return moveTo(0);
    case Qt::Key_End:
        return moveTo(INT_MAX);
    case Qt::Key_P:
        return moveToPeak();
    case Qt::Key_Space:
        return look({});
    case Qt::Key_Plus:
    case Qt::Key_Minus:
        return look(window_.zoomed(std::clamp(window_.place(x_), 0.0, 1.0),
                                   event->key() == Qt::Key_Plus ? 1 / kKeyZoom : kKeyZoom,
                                   kLeastShare));
    case Qt::Key_1:
    case Qt::Key_2:
    case Qt::Key_3:
    case Qt::Key_4:
        return setMode(MemoryMode(event->key() - Qt::Key_1));
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace kasuri::app
