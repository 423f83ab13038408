#include "app/charts/kernel_timeline.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSet>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kGutter = 150, kRight = 16, kTop = 8, kBottom = 24;
constexpr double kLaneGap = 8, kTallestLane = 56, kClickSlop = 4;

/// A round distance of ticks so that about `count` fit.
double tickStep(double span, int count)
{
    const double raw = span / std::max(1, count);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0, 10.0})
        if (raw <= factor * power)
            return factor * power;
    return 10 * power;
}

} // namespace

KernelTimeline::KernelTimeline(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMinimumHeight(110);
    setObjectName(QStringLiteral("kernelTimeline"));
    setAccessibleName(tr("Kernels in time"));
}

void KernelTimeline::setPlans(std::shared_ptr<const PlanInfo> before,
                              std::shared_ptr<const PlanInfo> after)
{
    if (before == before_ && after == after_)
        return;
    before_ = std::move(before);
    after_ = std::move(after);
    bars_.clear();
    lanes_.clear();
    current_ = -1;
    if (before_ && before_->profile)
        addSide(*before_, tr("before"), true);
    if (after_ && after_->profile)
        addSide(*after_, tr("after"), false);
    whole_ = 1e-6;
    for (const Lane &lane : lanes_)
        whole_ = std::max(whole_, lane.endMs);
    from_ = 0;
    to_ = whole_;
    setAccessibleDescription(bars_.isEmpty() ? tr("No profile yet. F6 profiles.")
                                             : tr("%n kernels", nullptr, int(bars_.size())));
    update();
}

void KernelTimeline::addSide(const PlanInfo &plan, const QString &name, bool before)
{
    const int first = int(lanes_.size());
    QHash<int, int> laneOf;
    double clock = 0;
    for (const StepInfo &step : plan.steps) {
        if (!step.medianMs)
            continue;
        if (!laneOf.contains(step.thread)) {
            laneOf.insert(step.thread, int(lanes_.size()));
            lanes_.append({tr("%1, thread %2").arg(name).arg(step.thread), before, 0});
        }
        const int lane = laneOf.value(step.thread);
        const double start = step.startMs.value_or(clock);
        bars_.append({lane, start, *step.medianMs, &step, false});
        clock = start + *step.medianMs;
        lanes_[lane].endMs = std::max(lanes_[lane].endMs, clock);
    }
    if (lanes_.size() == first + 1)
        lanes_[first].name = name;
}

QRectF KernelTimeline::plot() const
{
    return QRectF(rect()).adjusted(kGutter, kTop, -kRight, -kBottom);
}

double KernelTimeline::toX(double ms) const
{
    const QRectF area = plot();
    return area.left() + (ms - from_) / (to_ - from_) * area.width();
}

QRectF KernelTimeline::rectOf(const Bar &bar) const
{
    const QRectF area = plot();
    const double high = std::min(kTallestLane, area.height() / double(lanes_.size()) - kLaneGap);
    const double y = area.top() + bar.lane * (high + kLaneGap);
    const double x = toX(bar.start);
    return {x, y, std::max(1.0, toX(bar.start + bar.length) - x), high};
}

int KernelTimeline::barAt(const QPointF &pixel) const
{
    for (int i = 0; i < bars_.size(); ++i)
        if (rectOf(bars_[i]).adjusted(-0.5, 0, 0.5, 0).contains(pixel))
            return i;
    return -1;
}

void KernelTimeline::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.fillRect(rect(), theme_.color(QStringLiteral("canvas")));
    if (bars_.isEmpty()) {
        p.setPen(theme_.color(QStringLiteral("text.2")));
        p.drawText(rect(), Qt::AlignCenter,
                   tr("No times per kernel yet. F5 measures, F6 only profiles."));
        return;
    }
    paintAxis(p);
    for (int lane = 0; lane < lanes_.size(); ++lane)
        paintLane(p, lane);
    if (hasFocus()) {
        p.setPen(QPen(theme_.color(QStringLiteral("focus")), 1, Qt::DotLine));
        p.setBrush(Qt::NoBrush);
        p.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -1.5, -1.5));
    }
}

void KernelTimeline::paintLane(QPainter &p, int lane) const
{
    const QRectF area = plot();
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    bool named = false;
    for (int i = 0; i < bars_.size(); ++i) {
        const Bar &bar = bars_[i];
        if (bar.lane != lane)
            continue;
        const QRectF box = rectOf(bar);
        if (!named) {
            named = true;
            p.setFont(strong);
            p.setPen(theme_.color(lanes_[lane].before ? QStringLiteral("before")
                                                      : QStringLiteral("after")));
            p.drawText(QRectF(12, box.top(), kGutter - 20, box.height() / 2),
                       Qt::AlignLeft | Qt::AlignBottom, lanes_[lane].name);
            p.setFont(font());
            p.setPen(theme_.color(QStringLiteral("text.2")));
            p.drawText(QRectF(12, box.center().y() + 1, kGutter - 20, box.height() / 2),
                       Qt::AlignLeft | Qt::AlignTop, tr("%1 ms").arg(formatMs(lanes_[lane].endMs)));
        }
        if (box.right() < area.left() || box.left() > area.right())
            continue;
        const QRectF seen = box.intersected(area.adjusted(0, -4, 0, 4));
        const QColor fill
            = theme_.color(QStringLiteral("cat%1").arg(int(familyOf(bar.step->title)) + 1));
        p.fillRect(seen.width() > 3 ? seen.adjusted(0, 0, -1, 0) : seen, fill);
        if (i == current_ || bar.marked) {
            p.setPen(QPen(theme_.color(QStringLiteral("focus")), 2));
            p.setBrush(Qt::NoBrush);
            p.drawRect(seen.adjusted(-1, -2, 1, 2));
        }
        if (seen.width() > 46) {
            p.setPen(theme_.textOn(fill));
            p.drawText(
                seen.adjusted(5, 0, -3, 0), Qt::AlignLeft | Qt::AlignVCenter,
                fontMetrics().elidedText(bar.step->title, Qt::ElideRight, int(seen.width()) - 8));
        }
    }
}

void KernelTimeline::paintAxis(QPainter &p) const
{
    const QRectF area = plot();
    const double step = tickStep(to_ - from_, int(area.width() / 90));
    p.setPen(theme_.color(QStringLiteral("line.strong")));
    p.drawLine(area.bottomLeft(), area.bottomRight());
    for (double ms = std::ceil(from_ / step) * step; ms <= to_; ms += step) {
        const double x = toX(ms);
        p.setPen(theme_.color(QStringLiteral("line")));
        p.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        p.setPen(theme_.color(QStringLiteral("text.2")));
        p.drawText(QRectF(x - 45, area.bottom() + 3, 90, 18), Qt::AlignHCenter | Qt::AlignTop,
                   QString::number(ms, 'g', 4));
    }
    p.drawText(QRectF(12, area.bottom() + 3, kGutter - 40, 18), Qt::AlignLeft | Qt::AlignTop,
               tr("ms of one run"));
}

void KernelTimeline::select(int bar)
{
    current_ = bar;
    for (Bar &b : bars_)
        b.marked = false;
    if (bar >= 0) {
        const Bar &b = bars_[bar];
        const double span = to_ - from_;
        if (b.start < from_ || b.start + b.length > to_) {
            from_ = std::clamp(b.start - span / 3, 0.0, std::max(0.0, whole_ - span));
            to_ = from_ + span;
        }
        emit operatorsSelected(b.step->sources);
    }
    update();
}

void KernelTimeline::selectOperators(const QStringList &operators)
{
    const QSet<QString> wanted(operators.begin(), operators.end());
    for (Bar &bar : bars_)
        bar.marked = std::any_of(bar.step->sources.begin(), bar.step->sources.end(),
                                 [&](const QString &name) { return wanted.contains(name); });
    update();
}

void KernelTimeline::wheelEvent(QWheelEvent *event)
{
    const QRectF area = plot();
    const double at = from_ + (event->position().x() - area.left()) / area.width() * (to_ - from_);
    const double factor = std::pow(1.0015, -event->angleDelta().y());
    const double span = std::clamp((to_ - from_) * factor, whole_ * 1e-4, whole_);
    const double share = (at - from_) / (to_ - from_);
    from_ = std::clamp(at - share * span, 0.0, std::max(0.0, whole_ - span));
    to_ = from_ + span;
    update();
}

void KernelTimeline::mousePressEvent(QMouseEvent *event)
{
    pressed_ = event->position();
    pressedFrom_ = from_;
    dragging_ = false;
}

void KernelTimeline::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton))
        return;
    const double moved = event->position().x() - pressed_.x();
    dragging_ = dragging_ || std::abs(moved) > kClickSlop;
    if (!dragging_)
        return;
    const double span = to_ - from_;
    from_ = std::clamp(pressedFrom_ - moved / plot().width() * span, 0.0,
                       std::max(0.0, whole_ - span));
    to_ = from_ + span;
    update();
}

void KernelTimeline::mouseReleaseEvent(QMouseEvent *event)
{
    if (!dragging_)
        select(barAt(event->position()));
}

void KernelTimeline::keyPressEvent(QKeyEvent *event)
{
    const int last = int(bars_.size()) - 1;
    if (last < 0)
        return QWidget::keyPressEvent(event);
    if (event->key() == Qt::Key_Right)
        select(std::min(current_ + 1, last));
    else if (event->key() == Qt::Key_Left)
        select(std::max(current_ - 1, 0));
    else if (event->key() == Qt::Key_Home)
        select(0);
    else if (event->key() == Qt::Key_End)
        select(last);
    else if (event->key() == Qt::Key_Space) {
        from_ = 0;
        to_ = whole_;
        update();
    } else
        QWidget::keyPressEvent(event);
}

bool KernelTimeline::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
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
    return QWidget::event(event);
}

Twin KernelTimeline::twin() const
{
    using Kind = Twin::Kind;
    Twin twin{{{tr("Kernel"), Kind::Text},
               {tr("Type"), Kind::Text},
               {tr("Side"), Kind::Text},
               {tr("Thread"), Kind::Count},
               {tr("Start, ms"), Kind::Ms},
               {tr("Duration, ms"), Kind::Ms}},
              {}};
    for (const Bar &bar : bars_)
        twin.rows.append(
            {{bar.step->name, bar.step->title, lanes_[bar.lane].before ? tr("before") : tr("after"),
              bar.step->thread, bar.start, bar.length},
             bar.step->sources});
    return twin;
}

} // namespace kasuri::app
