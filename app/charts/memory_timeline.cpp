#include "app/charts/memory_timeline.h"

#include <QPainter>
#include <QSet>
#include <algorithm>
#include <cmath>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kLeft = 46, kRight = 124, kTop = 34, kBottom = 24, kMiB = 1048576.0;
constexpr double kStripTop = 3, kStripHeight = 24;

/// A round upper end of the axis: 1, 2 or 5 times a power of ten.
double niceCeiling(double value)
{
    const double base = std::pow(10, std::floor(std::log10(std::max(value, 1e-6))));
    for (double step : {1.0, 2.0, 5.0, 10.0})
        if (step * base >= value)
            return step * base;
    return value;
}

double ceilingOf(qint64 bytes)
{
    return niceCeiling(double(std::max<qint64>(bytes, 1)) / kMiB) * kMiB;
}

} // namespace

MemoryTimeline::MemoryTimeline(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMinimumHeight(140);
    setAccessibleName(tr("Memory timeline"));
}

void MemoryTimeline::setPlans(std::shared_ptr<const PlanInfo> before,
                              std::shared_ptr<const PlanInfo> after,
                              std::shared_ptr<const GroupPaths> groups)
{
    if (groups != groups_) {
        groups_ = std::move(groups);
        update();
    }
    if (before == scene_.before.plan && after == scene_.after.plan)
        return;
    scene_.before.plan = std::move(before);
    scene_.after.plan = std::move(after);
    layOut();
    marked_.clear();
    within_ = stepsOf(withinOperators_);
    if (scene_.empty())
        window_ = {};
    step_ = -1;
    qint64 most = 1;
    for (const auto &plan : {scene_.before.plan, scene_.after.plan})
        if (plan)
            most = std::max(most, plan->memory.arenaBytes);
    top_ = ceilingOf(most);
    moveToPeak();
    update();
}

void MemoryTimeline::layOut()
{
    const bool both = mode_ == MemoryMode::Difference;
    scene_ = MemoryScene::of(scene_.before.plan, scene_.after.plan, options_.axis, both);
    if (const PlanSpans &spans = scene_.front(); step_ >= 0 && step_ < spans.ends.size())
        x_ = (spans.start(step_) + spans.ends[step_]) / 2;
}

void MemoryTimeline::setOptions(const MemoryOptions &options)
{
    if (options == options_)
        return;
    const bool moved = options.axis != options_.axis;
    options_ = options;
    if (moved)
        window_ = {};
    layOut();
    if (step_ >= 0)
        emit stepChosen(step_);
    update();
}

void MemoryTimeline::setMode(MemoryMode mode)
{
    mode_ = mode;
    layOut();
    emit modeChanged(mode);
    update();
}

void MemoryTimeline::moveToPeak()
{
    if (scene_.empty())
        return;
    const auto &live = scene_.front().plan->memory.liveBytes;
    moveTo(int(std::max_element(live.begin(), live.end()) - live.begin()));
}

QVector<int> MemoryTimeline::stepsOf(const QStringList &operators) const
{
    QVector<int> steps;
    if (scene_.empty())
        return steps;
    const QSet<QString> wanted(operators.begin(), operators.end());
    const PlanSpans &spans = scene_.front();
    for (int s = 0; s < spans.ends.size() && s < spans.plan->steps.size(); ++s) {
        const QStringList &sources = spans.plan->steps[s].sources;
        if (std::any_of(sources.begin(), sources.end(),
                        [&](const QString &name) { return wanted.contains(name); }))
            steps.append(s);
    }
    return steps;
}

void MemoryTimeline::selectOperators(const QStringList &operators)
{
    marked_ = stepsOf(operators);
    update();
}

void MemoryTimeline::setWithin(const QStringList &operators)
{
    withinOperators_ = operators;
    within_ = stepsOf(operators);
    update();
}

void MemoryTimeline::selectTensor(const QString &name)
{
    tensor_ = name;
    update();
}

void MemoryTimeline::setWindow(const AxisWindow &window)
{
    window_ = window;
    update();
}

QRectF MemoryTimeline::strip() const
{
    return QRectF(kLeft, kStripTop, width() - kLeft - kRight, kStripHeight);
}

MemoryFrame MemoryTimeline::frame() const
{
    const bool both = mode_ == MemoryMode::Difference || scene_.empty();
    return {QRectF(rect()).adjusted(kLeft, kTop, -kRight, -kBottom),
            both ? top_ : ceilingOf(scene_.front().plan->memory.arenaBytes), window_, options_};
}

void MemoryTimeline::paintMode(QPainter &p) const
{
    switch (mode_) {
    case MemoryMode::Stacked:
        return paintStacked(p, frame(), theme_, scene_);
    case MemoryMode::Lifetimes:
        return paintLifetimes(p, frame(), theme_, scene_);
    case MemoryMode::Arena:
        return paintArena(p, frame(), theme_, scene_);
    case MemoryMode::Difference:
        return paintDifference(p, frame(), theme_, scene_);
    }
}

void MemoryTimeline::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.fillRect(rect(), theme_.color(QStringLiteral("canvas")));
    if (scene_.empty()) {
        p.setPen(theme_.color(QStringLiteral("text.2")));
        p.drawText(rect(), Qt::AlignCenter, tr("No plan yet. Open a model: Ctrl+O."));
        return;
    }
    const MemoryFrame f = frame();
    p.setPen(theme_.color(QStringLiteral("line")));
    for (int k = 0; k <= 4 && mode_ != MemoryMode::Lifetimes; ++k)
        p.drawLine(QPointF(f.plot.left(), f.y(f.top * k / 4)),
                   QPointF(f.plot.right(), f.y(f.top * k / 4)));
    const PlanSpans &spans = scene_.front();
    p.save();
    p.setClipRect(f.plot.adjusted(-1, -2, 1, 2));
    for (int s : marked_)
        p.fillRect(f.column(spans, s), theme_.color(QStringLiteral("row.selected")));
    p.setRenderHint(QPainter::Antialiasing);
    paintMode(p);
    paintMarks(p);
    p.restore();
    paintOverview(p, strip(), theme_, scene_, window_);
    p.setRenderHint(QPainter::Antialiasing);
    if (mode_ != MemoryMode::Lifetimes) {
        p.setPen(QPen(theme_.color(QStringLiteral("text.3")), 1, Qt::DotLine));
        const double y = f.y(double(spans.plan->memory.lowerBoundBytes));
        p.drawLine(QPointF(f.plot.left(), y), QPointF(f.plot.right(), y));
    }
    paintLabels(p);
    paintAxis(p);
    paintCursor(p);
}

} // namespace kasuri::app
