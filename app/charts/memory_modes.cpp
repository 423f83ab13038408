#include "app/charts/memory_modes.h"

#include <QPainter>
#include <algorithm>
#include <utility>

namespace kasuri::app {
namespace {

constexpr double kTallestRow = 14;

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

void paintPeak(QPainter &p, const MemoryFrame &frame, const QColor &color, const PlanInfo &plan)
{
    QPen pen(color, 1);
    pen.setDashPattern({6, 3});
    p.setPen(pen);
    const double y = frame.y(double(plan.memory.arenaBytes));
    p.drawLine(QPointF(frame.plot.left(), y), QPointF(frame.plot.right(), y));
}

void paintLine(QPainter &p, const MemoryFrame &frame, const Theme &theme, const PlanSpans &spans,
               const QString &side, double width)
{
    p.setBrush(Qt::NoBrush);
    p.setPen(QPen(theme.color(side + QStringLiteral(".mark")), width));
    p.drawPolyline(outline(spans, frame));
    paintPeak(p, frame, theme.color(side), *spans.plan);
}

QColor categoryOf(const Theme &theme, int index)
{
    return theme.color(QStringLiteral("cat%1").arg(index % 8 + 1));
}

QRectF spanOf(const BufferInfo &b, const PlanSpans &spans, const MemoryFrame &frame)
{
    const int last = std::min(b.lastStep, int(spans.ends.size()) - 1);
    const double left = frame.x(spans.start(std::max(0, b.firstStep)));
    return QRectF(left, 0, std::max(1.0, frame.x(spans.ends[std::max(0, last)]) - left), 0);
}

/// The bar of a tensor in its row.
QRectF rowOf(QRectF span, int row, int rows, const MemoryFrame &frame)
{
    const double pitch = std::min(kTallestRow, frame.plot.height() / std::max(1, rows));
    span.setTop(frame.plot.top() + row * pitch);
    span.setHeight(std::max(1.0, pitch - 1));
    return span;
}

} // namespace

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
    for (const auto &[spans, token] :
         {std::pair(&scene.before, "before.mark"), std::pair(&scene.after, "after.mark")}) {
        if (!spans->plan)
            continue;
        p.setPen(QPen(theme.color(QString::fromLatin1(token)), 1));
        p.drawPolyline(outline(*spans, frame));
    }
    p.setPen(QPen(theme.color(QStringLiteral("line.strong")), 1));
    p.drawRect(strip);
    p.setPen(QPen(theme.color(QStringLiteral("focus")), 2));
    p.drawRect(QRectF(QPointF(frame.x(window.from), strip.top()),
                      QPointF(frame.x(window.to), strip.bottom())));
}

void paintStacked(QPainter &p, const MemoryFrame &frame, const Theme &theme,
                  const MemoryScene &scene)
{
    const PlanSpans &spans = scene.front();
    const auto named = largestTensors(*spans.plan);
    p.setRenderHint(QPainter::Antialiasing, false);
    for (int s = 0; s < spans.ends.size(); ++s) {
        if (!frame.shows(spans.start(s), spans.ends[s]))
            continue;
        const double left = frame.x(spans.start(s)), right = frame.x(spans.ends[s]);
        double at = 0;
        const auto layer = [&](double bytes, const QColor &color) {
            const double y = frame.y(at + bytes);
            p.fillRect(QRectF(left, y, std::max(1.0, right - left), frame.y(at) - y - 1), color);
            at += bytes;
        };
        for (int k = 0; k < named.size(); ++k)
            if (named[k]->firstStep <= s && s <= named[k]->lastStep)
                layer(double(named[k]->bytes), categoryOf(theme, k));
        const double rest = double(spans.plan->memory.liveBytes[s]) - at;
        if (rest > 0)
            layer(rest, categoryOf(theme, kNamedTensors));
    }
    p.setRenderHint(QPainter::Antialiasing);
    paintPeak(p, frame, theme.color(QStringLiteral("text")), *spans.plan);
}

QVector<QColor> tensorColors(const Theme &theme)
{
    QVector<QColor> colors;
    for (int k = 0; k <= kNamedTensors; ++k)
        colors.append(categoryOf(theme, k));
    return colors;
}

QVector<const BufferInfo *> lifetimeRows(const MemoryFrame &frame, const MemoryScene &scene)
{
    const PlanSpans &spans = scene.front();
    QVector<const BufferInfo *> rows = tensorsByBirth(*spans.plan);
    const int last = int(spans.ends.size()) - 1;
    rows.removeIf([&](const BufferInfo *b) {
        return b->firstStep > last
            || !frame.shows(spans.start(b->firstStep),
                            spans.ends[std::clamp(b->lastStep, 0, last)]);
    });
    return rows;
}

QRectF boxOf(MemoryMode mode, const BufferInfo &tensor, const MemoryFrame &frame,
             const MemoryScene &scene)
{
    QRectF box = spanOf(tensor, scene.front(), frame);
    if (mode == MemoryMode::Lifetimes) {
        const auto rows = lifetimeRows(frame, scene);
        const int row = int(rows.indexOf(&tensor));
        return row < 0 ? QRectF() : rowOf(box, row, int(rows.size()), frame);
    }
    if (mode != MemoryMode::Arena)
        return {};
    box.setTop(frame.y(double(tensor.offset + tensor.bytes)));
    box.setBottom(frame.y(double(tensor.offset)));
    return box;
}

const BufferInfo *tensorAt(MemoryMode mode, const QPointF &point, const MemoryFrame &frame,
                           const MemoryScene &scene)
{
    if (scene.empty() || (mode != MemoryMode::Lifetimes && mode != MemoryMode::Arena))
        return nullptr;
    const auto tensors = mode == MemoryMode::Lifetimes ? lifetimeRows(frame, scene)
                                                       : tensorsByBirth(*scene.front().plan);
    const BufferInfo *found = nullptr;
    for (int row = 0; row < tensors.size(); ++row) {
        const QRectF box = mode == MemoryMode::Lifetimes
            ? rowOf(spanOf(*tensors[row], scene.front(), frame), row, int(tensors.size()), frame)
            : boxOf(mode, *tensors[row], frame, scene);
        if (box.contains(point))
            found = tensors[row];
    }
    return found;
}

void paintLifetimes(QPainter &p, const MemoryFrame &frame, const Theme &theme,
                    const MemoryScene &scene)
{
    const PlanSpans &spans = scene.front();
    const auto tensors = lifetimeRows(frame, scene), named = largestTensors(*spans.plan);
    for (int row = 0; row < tensors.size(); ++row) {
        const qsizetype rank = named.indexOf(tensors[row]);
        p.fillRect(rowOf(spanOf(*tensors[row], spans, frame), row, int(tensors.size()), frame),
                   categoryOf(theme, rank < 0 ? kNamedTensors : int(rank)));
    }
}

void paintArena(QPainter &p, const MemoryFrame &frame, const Theme &theme, const MemoryScene &scene)
{
    const PlanSpans &spans = scene.front();
    const double height = frame.plot.bottom() - frame.y(double(spans.plan->memory.arenaBytes));
    p.fillRect(QRectF(frame.plot.left(), frame.plot.bottom() - height, frame.plot.width(), height),
               QBrush(theme.color(QStringLiteral("line")), Qt::BDiagPattern));
    const auto named = largestTensors(*spans.plan);
    p.setPen(QPen(theme.color(QStringLiteral("canvas")), 1));
    for (const BufferInfo *b : tensorsByBirth(*spans.plan)) {
        const QRectF box = boxOf(MemoryMode::Arena, *b, frame, scene);
        const qsizetype rank = named.indexOf(b);
        p.setBrush(categoryOf(theme, rank < 0 ? kNamedTensors : int(rank)));
        p.drawRect(box);
    }
}

} // namespace kasuri::app
