// What stands in, beside and above the plot of the memory timeline.
#include <QPainter>
#include <algorithm>
#include <tuple>

#include "app/charts/memory_timeline.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kLeft = 46, kRight = 124, kLabelPitch = 15, kSwatch = 8, kLeastRow = 11;
constexpr double kMarkPitch = 52, kTick = 4, kBetweenMarks = 10, kUnitTop = 6;
constexpr int kVeil = 170, kBandAlpha = 40;

} // namespace

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
            p.fillRect(f.column(spans, s), veil);
    }
    paintTensor(p);
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
    if (!byBytes)
        return paintLegend(p, f.plot.top());
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
        label.y = std::max(label.y, last + kLabelPitch);
        last = label.y;
        p.setPen(theme_.color(label.token));
        p.drawText(QRectF(f.plot.right() + 6, label.y - 8, kRight - 8, 16),
                   Qt::AlignLeft | Qt::AlignVCenter, label.text);
    }
    paintLegend(p, last + kLabelPitch);
}

QString MemoryTimeline::axisName() const
{
    switch (scene_.axis) {
    case MemoryAxis::Source:
        return tr("x: source order");
    case MemoryAxis::Step:
        return tr("x: step");
    case MemoryAxis::Measured:
        return tr("x: ms, measured");
    }
    return {};
}

/// In source order the version before is the finer one.
QVector<AxisMark> MemoryTimeline::axisMarks() const
{
    const int most = std::max(1, int(frame().plot.width() / kMarkPitch));
    if (scene_.axis != MemoryAxis::Source)
        return numberMarks(scene_.length, window_, most);
    const PlanSpans &fine = scene_.before.plan ? scene_.before : scene_.front();
    if (!groups_)
        return {};
    if (found_.window != window_ || found_.most != most || found_.plan != fine.plan
        || found_.groups != groups_)
        found_ = {window_, most, fine.plan, groups_, groupMarks(fine, *groups_, window_, most)};
    return found_.marks;
}

void MemoryTimeline::paintAxis(QPainter &p) const
{
    const QRectF plot = frame().plot;
    const QColor line = theme_.color(QStringLiteral("line.strong")),
                 ink = theme_.color(QStringLiteral("text.2"));
    p.setPen(QPen(line, 1));
    p.drawLine(plot.bottomLeft(), plot.bottomRight());
    const QFontMetricsF metrics(p.font());
    double free = plot.left();
    for (const AxisMark &mark : axisMarks()) {
        const double x = frame().x(mark.at);
        p.setPen(QPen(line, 1));
        p.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + kTick));
        const double wide = metrics.horizontalAdvance(mark.name);
        if (x < free || x + wide > plot.right())
            continue;
        p.setPen(ink);
        p.drawText(QRectF(x + 3, plot.bottom() + kTick, wide + 1, 16),
                   Qt::AlignLeft | Qt::AlignVCenter, mark.name);
        free = x + wide + kBetweenMarks;
    }
    p.setPen(ink);
    p.drawText(QRectF(plot.right() + 6, plot.bottom() + kTick, kRight - 12, 16),
               Qt::AlignRight | Qt::AlignVCenter, axisName());
    if (mode_ != MemoryMode::Lifetimes)
        p.drawText(QRectF(0, kUnitTop, kLeft - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
                   tr("MiB"));
}

/// Names beside the colours, as far as there is room.
void MemoryTimeline::paintLegend(QPainter &p, double top) const
{
    if (mode_ == MemoryMode::Difference)
        return;
    const MemoryFrame f = frame();
    const auto rows
        = mode_ == MemoryMode::Lifetimes ? lifetimeRows(f, scene_) : QVector<const BufferInfo *>();
    if (!rows.isEmpty() && kLeastRow * double(rows.size()) <= f.plot.height())
        return paintRowNames(p, rows);
    QVector<ColorKey> keys = colorKeys(f, theme_, *scene_.front().plan);
    if (mode_ == MemoryMode::Arena)
        keys.append({reusedTint(theme_, keys.first().color), tr("space used again")});
    const double left = f.plot.right() + 8;
    double y = std::max(top, f.plot.top() + kLabelPitch);
    for (int k = 0; k < keys.size() && y < f.plot.bottom(); ++k, y += kLabelPitch) {
        p.fillRect(QRectF(left, y - 4, kSwatch, kSwatch), keys[k].color);
        p.setPen(theme_.color(QStringLiteral("text.2")));
        const QRectF line(left + kSwatch + 6, y - 8, kRight - kSwatch - 16, 16);
        p.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                   QFontMetricsF(p.font()).elidedText(keys[k].name, Qt::ElideMiddle, line.width()));
    }
}

/// Each bar has its name where there is room for all.
void MemoryTimeline::paintRowNames(QPainter &p, const QVector<const BufferInfo *> &rows) const
{
    const MemoryFrame f = frame();
    p.setPen(theme_.color(QStringLiteral("text.2")));
    for (const BufferInfo *tensor : rows) {
        const double y = boxOf(mode_, *tensor, f, scene_).center().y();
        const QRectF line(f.plot.right() + 8, y - 8, kRight - 14, 16);
        p.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                   QFontMetricsF(p.font()).elidedText(tensor->name, Qt::ElideMiddle, line.width()));
    }
}

/// Where the mode has no bar for it, the steps through which it lives.
void MemoryTimeline::paintTensor(QPainter &p) const
{
    const auto tensors = tensorsByBirth(*scene_.front().plan);
    const auto found = std::find_if(tensors.begin(), tensors.end(),
                                    [this](const BufferInfo *b) { return b->name == tensor_; });
    if (tensor_.isEmpty() || found == tensors.end())
        return;
    const MemoryFrame f = frame();
    const PlanSpans &spans = scene_.front();
    QRectF box = boxOf(mode_, **found, f, scene_);
    if (box.isNull()) {
        const int last = std::min((*found)->lastStep, int(spans.ends.size()) - 1);
        box = f.column(spans, (*found)->firstStep) | f.column(spans, std::max(0, last));
    }
    p.setPen(QPen(theme_.color(QStringLiteral("focus")), 2));
    p.setBrush(Qt::NoBrush);
    p.drawRect(box.adjusted(-1, -1, 1, 1));
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
        const int step = side->runningAt(side == &spans ? spans.start(step_) : x_);
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
