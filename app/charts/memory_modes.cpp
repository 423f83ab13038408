#include "app/charts/memory_modes.h"

#include <QPainter>
#include <algorithm>
#include <utility>

namespace kasuri::app {
namespace {

QPolygonF outline(const PlanSpans &spans, const MemoryFrame &frame)
{
    QPolygonF line;
    const auto &live = spans.plan->memory.liveBytes;
    for (int s = 0; s < live.size(); ++s)
        if (frame.shows(spans.start(s), spans.ends[s]))
            line << QPointF(frame.x(spans.start(s)), frame.y(double(live[s])))
                 << QPointF(frame.x(spans.ends[s]), frame.y(double(live[s])));
    return line;
}

/// Where the first needs more than the second: a box per stretch in which neither changes.
QVector<QRectF> excess(const PlanSpans &more, const PlanSpans &less, const MemoryFrame &frame)
{
    QVector<QRectF> boxes;
    const auto &high = more.plan->memory.liveBytes, &low = less.plan->memory.liveBytes;
    double from = 0;
    for (int m = 0, l = 0; m < high.size() && l < low.size();) {
        const double to = std::min(more.ends[m], less.ends[l]);
        if (high[m] > low[l] && frame.shows(from, to))
            boxes.append({QPointF(frame.x(from), frame.y(double(high[m]))),
                          QPointF(frame.x(to), frame.y(double(low[l])))});
        from = to;
        const bool both = more.ends[m] == less.ends[l];
        const bool first = more.ends[m] < less.ends[l];
        m += both || first;
        l += both || !first;
    }
    for (int m = more.stepAt(from); from < more.ends.value(high.size() - 1) && m < high.size();
         ++m) {
        if (frame.shows(from, more.ends[m]))
            boxes.append({QPointF(frame.x(from), frame.y(double(high[m]))),
                          QPointF(frame.x(more.ends[m]), frame.y(0))});
        from = more.ends[m];
    }
    return boxes;
}

void hatch(QPainter &p, const QVector<QRectF> &boxes, const QColor &color, Qt::BrushStyle style)
{
    p.setPen(Qt::NoPen);
    p.setBrush(QBrush(color, style));
    p.drawRects(boxes);
}

QPolygonF closed(QPolygonF line, const MemoryFrame &frame)
{
    if (!line.isEmpty())
        line << QPointF(line.last().x(), frame.plot.bottom())
             << QPointF(line.first().x(), frame.plot.bottom());
    return line;
}

void paintLine(QPainter &p, const MemoryFrame &frame, const Theme &theme, const PlanSpans &spans,
               const QString &side, double width)
{
    p.setBrush(Qt::NoBrush);
    p.setPen(QPen(theme.color(side + QStringLiteral(".mark")), width));
    p.drawPolyline(outline(spans, frame));
    paintPeak(p, frame, theme.color(side), *spans.plan);
}

} // namespace

void paintPeak(QPainter &p, const MemoryFrame &frame, const QColor &color, const PlanInfo &plan)
{
    QPen pen(color, 1);
    pen.setDashPattern({6, 3});
    p.setPen(pen);
    const double y = frame.y(double(plan.memory.arenaBytes));
    p.drawLine(QPointF(frame.plot.left(), y), QPointF(frame.plot.right(), y));
}

QVector<const BufferInfo *> tensorsByBirth(const PlanInfo &plan)
{
    QVector<const BufferInfo *> list;
    for (const BufferInfo &b : plan.buffers)
        if (b.kind == QLatin1String("arena") && b.firstStep >= 0)
            list.append(&b);
    std::stable_sort(list.begin(), list.end(), [](auto *a, auto *b) {
        return a->firstStep != b->firstStep ? a->firstStep < b->firstStep : a->bytes > b->bytes;
    });
    return list;
}

QVector<const BufferInfo *> largestTensors(const PlanInfo &plan, int most)
{
    QVector<const BufferInfo *> list = tensorsByBirth(plan);
    std::stable_sort(list.begin(), list.end(),
                     [](auto *a, auto *b) { return a->bytes > b->bytes; });
    list.resize(std::min<qsizetype>(most, list.size()));
    return list;
}

void paintDifference(QPainter &p, const MemoryFrame &frame, const Theme &theme,
                     const MemoryScene &scene)
{
    p.setRenderHint(QPainter::Antialiasing, false);
    p.setPen(Qt::NoPen);
    p.setBrush(theme.color(scene.after.plan ? QStringLiteral("after.soft")
                                            : QStringLiteral("before.soft")));
    p.drawPolygon(closed(outline(scene.front(), frame), frame));
    if (scene.before.plan && scene.after.plan) {
        hatch(p, excess(scene.before, scene.after, frame),
              theme.color(QStringLiteral("before.mark")), Qt::BDiagPattern);
        hatch(p, excess(scene.after, scene.before, frame),
              theme.color(QStringLiteral("after.mark")), Qt::DiagCrossPattern);
    }
    p.setRenderHint(QPainter::Antialiasing);
    if (scene.before.plan)
        paintLine(p, frame, theme, scene.before, QStringLiteral("before"), 1.5);
    if (scene.after.plan)
        paintLine(p, frame, theme, scene.after, QStringLiteral("after"), 1.75);
}

void paintOverview(QPainter &p, const QRectF &strip, const Theme &theme, const MemoryScene &scene,
                   const AxisWindow &window)
{
    double top = 1;
    for (const auto &plan : {scene.before.plan, scene.after.plan})
        if (plan)
            top = std::max(top, double(plan->memory.arenaBytes));
    const MemoryFrame frame{strip.adjusted(0, 2, 0, -2), top, {}};
    p.setRenderHint(QPainter::Antialiasing, false);
    p.fillRect(strip, theme.color(QStringLiteral("panel")));
    p.setBrush(Qt::NoBrush);
    p.save();
    p.setClipRect(strip);
    for (const auto &[spans, token] :
         {std::pair(&scene.before, "before.mark"), std::pair(&scene.after, "after.mark")}) {
        if (!spans->plan)
            continue;
        p.setPen(QPen(theme.color(QString::fromLatin1(token)), 1));
        p.drawPolyline(outline(*spans, frame));
    }
    p.restore();
    p.setPen(QPen(theme.color(QStringLiteral("line.strong")), 1));
    p.drawRect(strip);
    p.setPen(QPen(theme.color(QStringLiteral("focus")), 2));
    p.drawRect(QRectF(QPointF(frame.x(window.from), strip.top()),
                      QPointF(frame.x(window.to), strip.bottom())));
}

} // namespace kasuri::app
