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
constexpr int kVeil = 170, kBandAlpha = 40;

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

/// The whole height of the plot while a step runs.
QRectF columnOf(const MemoryFrame &frame, const PlanSpans &spans, int step)
{
    const double left = frame.x(spans.start(step));
    return QRectF(left, frame.plot.top(), std::max(2.0, frame.x(spans.ends[step]) - left),
                  frame.plot.height());
}

} // namespace

MemoryTimeline::MemoryTimeline(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMinimumHeight(140);
    setAccessibleName(tr("Memory timeline"));
}

void MemoryTimeline::setPlans(std::shared_ptr<const PlanInfo> before,
                              std::shared_ptr<const PlanInfo> after)
{
    if (before == scene_.before.plan && after == scene_.after.plan)
        return;
    scene_ = MemoryScene::of(std::move(before), std::move(after));
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

void MemoryTimeline::setMode(MemoryMode mode)
{
    mode_ = mode;
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
            both ? top_ : ceilingOf(scene_.front().plan->memory.arenaBytes), window_};
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
        p.fillRect(columnOf(f, spans, s), theme_.color(QStringLiteral("row.selected")));
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
    paintCursor(p);
}

/// What a filter leaves out, and the range that is being taken.
void MemoryTimeline::paintMarks(QPainter &p) const
{
    const MemoryFrame f = frame();
    const PlanSpans &spans = scene_.front();
    QColor veil = theme_.color(QStringLiteral("canvas"));
    veil.setAlpha(kVeil);
    for (int s = 0, w = 0; !withinOperators_.isEmpty() && s < spans.ends.size(); ++s) {
        const bool inside = w < within_.size() && within_[w] == s;
        w += inside ? 1 : 0;
        if (!inside && f.shows(spans.start(s), spans.ends[s]))
            p.fillRect(columnOf(f, spans, s), veil);
    }
    if (drag_ != Drag::Range)
        return;
    QColor band = theme_.color(QStringLiteral("focus"));
    p.setPen(QPen(band, 1, Qt::DashLine));
    band.setAlpha(kBandAlpha);
    p.setBrush(band);
    p.drawRect(
        QRectF(QPointF(pressed_, f.plot.top()), QPointF(dragged_, f.plot.bottom())).normalized());
}

void MemoryTimeline::paintLabels(QPainter &p) const
{
    const MemoryFrame f = frame();
    QFont small = font();
    small.setPixelSize(11);
    p.setFont(small);
    p.setPen(theme_.color(QStringLiteral("text.2")));
    const bool byBytes = mode_ != MemoryMode::Lifetimes;
    for (int k = 0; k <= 4 && byBytes; ++k)
        p.drawText(QRectF(0, f.y(f.top * k / 4) - 8, kLeft - 6, 16),
                   Qt::AlignRight | Qt::AlignVCenter, formatMiB(f.top * k / 4));
    static const char *const kAxes[]
        = {QT_TR_NOOP("x: source order · y: MiB of the planned arena, the seven largest tensors"),
           QT_TR_NOOP("x: source order · a bar per tensor of the arena, by birth"),
           QT_TR_NOOP("x: source order · y: address in the arena, MiB; hatched: free"),
           QT_TR_NOOP("x: source order · y: MiB of the planned arena")};
    p.drawText(QRectF(f.plot.left(), f.plot.bottom() + 4, f.plot.width(), 18), Qt::AlignRight,
               tr(kAxes[int(mode_)]));
    if (!byBytes)
        return;
    struct Label {
        QString text;
        QString token;
        double y;
    };
    QVector<Label> labels;
    const auto add = [&](const QString &text, const char *token, qint64 bytes) {
        labels.append(
            {text.arg(formatMiB(double(bytes))), QString::fromLatin1(token), f.y(double(bytes))});
    };
    if (scene_.before.plan && (mode_ == MemoryMode::Difference || !scene_.after.plan))
        add(tr("before, peak %1"), "before", scene_.before.plan->memory.arenaBytes);
    if (scene_.after.plan)
        add(tr("after, peak %1"), "after", scene_.after.plan->memory.arenaBytes);
    add(tr("lower bound %1"), "text.2", scene_.front().plan->memory.lowerBoundBytes);
    std::stable_sort(labels.begin(), labels.end(),
                     [](const Label &a, const Label &b) { return a.y < b.y; });
    double last = -100;
    for (Label &label : labels) {
        label.y = std::max(label.y, last + 15);
        last = label.y;
        p.setPen(theme_.color(label.token));
        p.drawText(QRectF(f.plot.right() + 6, label.y - 8, kRight - 8, 16),
                   Qt::AlignLeft | Qt::AlignVCenter, label.text);
    }
}

void MemoryTimeline::paintCursor(QPainter &p) const
{
    const PlanSpans &spans = scene_.front();
    if (step_ < 0 || step_ >= spans.ends.size())
        return;
    const MemoryFrame f = frame();
    if (!f.shows(x_, x_))
        return;
    const double x = f.x(x_);
    p.setPen(theme_.color(QStringLiteral("text")));
    p.drawLine(QPointF(x, f.plot.top()), QPointF(x, f.plot.bottom()));
    const QFontMetricsF metrics(p.font());
    struct Line {
        QString text, token;
    };
    QVector<Line> lines{
        {metrics.elidedText(step_ < spans.plan->steps.size() ? spans.plan->steps[step_].name
                                                             : QString(),
                            Qt::ElideMiddle, 190),
         QStringLiteral("text")}};
    for (const auto &[side, name, token] :
         {std::tuple(&scene_.before, tr("before %1 MiB"), "before"),
          std::tuple(&scene_.after, tr("after %1 MiB"), "after")}) {
        const int step = side->stepAt(side == &spans ? spans.start(step_) : x_);
        if (step >= 0)
            lines.append({name.arg(formatMiB(
                              double(side->plan->memory.liveBytes[side == &spans ? step_ : step]))),
                          QString::fromLatin1(token)});
    }
    double width = 0;
    for (const Line &line : lines)
        width = std::max(width, metrics.horizontalAdvance(line.text) + 16);
    QRectF box(x + 8, f.plot.top() + 4, width, 6 + 15 * double(lines.size()));
    if (box.right() > f.plot.right())
        box.moveRight(x - 8);
    p.setPen(theme_.color(QStringLiteral("line.strong")));
    p.setBrush(theme_.color(QStringLiteral("raised")));
    p.drawRoundedRect(box, 3, 3);
    for (int k = 0; k < lines.size(); ++k) {
        p.setPen(theme_.color(lines[k].token));
        p.drawText(QRectF(box.left() + 8, box.top() + 3 + 15 * k, width, 15), Qt::AlignVCenter,
                   lines[k].text);
    }
}

} // namespace kasuri::app
