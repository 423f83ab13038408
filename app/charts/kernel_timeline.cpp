#include "app/charts/kernel_timeline.h"

#include <QPainter>
#include <QSet>
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kGutter = 150, kRight = 16, kTop = 8, kBottom = 24;
constexpr double kLaneGap = 8, kTallestLane = 56, kNamed = 46, kFaded = 0.35;
constexpr int kBandAlpha = 40;

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
    if (!before_ && !after_)
        window_ = {};
    fade();
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
        bars_.append({lane, start, *step.medianMs, &step, false, false});
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
    return area.left() + window_.place(ms / whole_) * area.width();
}

double KernelTimeline::toMs(double pixel) const
{
    const QRectF area = plot();
    return window_.share(std::clamp((pixel - area.left()) / std::max(1.0, area.width()), 0.0, 1.0))
        * whole_;
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
    if (taking_ && dragging_) {
        const QRectF area = plot();
        QColor band = theme_.color(QStringLiteral("focus"));
        p.setPen(QPen(band, 1, Qt::DashLine));
        band.setAlpha(kBandAlpha);
        p.setBrush(band);
        p.drawRect(
            QRectF(QPointF(pressed_, area.top()), QPointF(dragged_, area.bottom())).normalized());
    }
    if (hasFocus()) {
        p.setPen(QPen(theme_.color(QStringLiteral("focus")), 1, Qt::DotLine));
        p.setBrush(Qt::NoBrush);
        p.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -1.5, -1.5));
    }
}

void KernelTimeline::paintLane(QPainter &p, int lane) const
{
    const QRectF area = plot();
    bool named = false;
    for (int i = 0; i < bars_.size(); ++i) {
        if (bars_[i].lane != lane)
            continue;
        const QRectF box = rectOf(bars_[i]);
        if (!std::exchange(named, true))
            paintLaneHead(p, lane, box);
        if (box.right() < area.left() || box.left() > area.right())
            continue;
        p.setOpacity(bars_[i].faded ? kFaded : 1);
        paintBar(p, i);
        p.setOpacity(1);
    }
}

void KernelTimeline::paintLaneHead(QPainter &p, int lane, const QRectF &box) const
{
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    p.setFont(strong);
    p.setPen(
        theme_.color(lanes_[lane].before ? QStringLiteral("before") : QStringLiteral("after")));
    p.drawText(QRectF(12, box.top(), kGutter - 20, box.height() / 2),
               Qt::AlignLeft | Qt::AlignBottom, lanes_[lane].name);
    p.setFont(font());
    p.setPen(theme_.color(QStringLiteral("text.2")));
    p.drawText(QRectF(12, box.center().y() + 1, kGutter - 20, box.height() / 2),
               Qt::AlignLeft | Qt::AlignTop, tr("%1 ms").arg(formatMs(lanes_[lane].endMs)));
}

void KernelTimeline::paintBar(QPainter &p, int number) const
{
    const Bar &bar = bars_[number];
    const QRectF seen = rectOf(bar).intersected(plot().adjusted(0, -4, 0, 4));
    const QColor fill
        = theme_.color(QStringLiteral("cat%1").arg(int(familyOf(bar.step->title)) + 1));
    p.fillRect(seen.width() > 3 ? seen.adjusted(0, 0, -1, 0) : seen, fill);
    if (number == current_ || bar.marked) {
        p.setPen(QPen(theme_.color(QStringLiteral("focus")), 2));
        p.setBrush(Qt::NoBrush);
        p.drawRect(seen.adjusted(-1, -2, 1, 2));
    }
    if (seen.width() > kNamed) {
        p.setPen(theme_.textOn(fill));
        p.drawText(
            seen.adjusted(5, 0, -3, 0), Qt::AlignLeft | Qt::AlignVCenter,
            fontMetrics().elidedText(bar.step->title, Qt::ElideRight, int(seen.width()) - 8));
    }
}

void KernelTimeline::paintAxis(QPainter &p) const
{
    const QRectF area = plot();
    const double from = window_.from * whole_, to = window_.to * whole_;
    const double step = tickStep(to - from, int(area.width() / 90));
    p.setPen(theme_.color(QStringLiteral("line.strong")));
    p.drawLine(area.bottomLeft(), area.bottomRight());
    for (double ms = std::ceil(from / step) * step; ms <= to; ms += step) {
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
        look(window_.showing(b.start / whole_, (b.start + b.length) / whole_));
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

void KernelTimeline::setWithin(const QStringList &operators)
{
    within_ = QSet<QString>(operators.begin(), operators.end());
    fade();
    update();
}

void KernelTimeline::fade()
{
    for (Bar &bar : bars_)
        bar.faded = !within_.isEmpty()
            && std::none_of(bar.step->sources.begin(), bar.step->sources.end(),
                            [&](const QString &name) { return within_.contains(name); });
}

void KernelTimeline::setWindow(const AxisWindow &window)
{
    window_ = window;
    update();
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
