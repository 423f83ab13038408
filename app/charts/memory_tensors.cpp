// How the memory views draw tensors: stacked, as bars of lives, by address.
#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>

#include "app/charts/memory_modes.h"

namespace kasuri::app {
namespace {

constexpr double kTallestRow = 14, kReusedShare = 0.7;
constexpr const char *kClassNames[] = {QT_TRANSLATE_NOOP("MemoryTimeline", "activations"),
                                       QT_TRANSLATE_NOOP("MemoryTimeline", "moved copies"),
                                       QT_TRANSLATE_NOOP("MemoryTimeline", "workspace")};
constexpr const char *kAllOthers = QT_TRANSLATE_NOOP("MemoryTimeline", "all others");

QColor categoryOf(const Theme &theme, int index)
{
    return theme.color(QStringLiteral("cat%1").arg(index % 8 + 1));
}

QColor colorOf(const Theme &theme, MemoryClass kind)
{
    static constexpr int kCategories[] = {0, 3, 1}; // as the design draws them
    return categoryOf(theme, kCategories[int(kind)]);
}

/// The colour of each tensor drawn by itself.
class Painting {
public:
    Painting(const MemoryFrame &frame, const Theme &theme, const PlanSpans &spans)
        : theme_(theme), spans_(spans), byClass_(frame.options.colors == MemoryColors::Classes)
    {
        if (!byClass_)
            named_ = largestTensors(*spans.plan);
    }
    QColor operator()(const BufferInfo &tensor) const
    {
        if (byClass_)
            return colorOf(theme_, spans_.classOf(tensor));
        const qsizetype rank = named_.indexOf(&tensor);
        return categoryOf(theme_, rank < 0 ? kNamedTensors : int(rank));
    }

private:
    const Theme &theme_;
    const PlanSpans &spans_;
    bool byClass_;
    QVector<const BufferInfo *> named_;
};

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

/// Bytes of the layers of a step, in the order of colorKeys().
using Layers = QVector<qint64>;

QVector<Layers> layersOfClasses(const PlanSpans &spans)
{
    const auto &live = spans.plan->memory.liveBytes;
    QVector<Layers> steps(live.size(), Layers(3, 0));
    for (const BufferInfo *tensor : tensorsByBirth(*spans.plan)) {
        const int kind = int(spans.classOf(*tensor));
        for (int s = tensor->firstStep; s <= tensor->lastStep && s < steps.size(); ++s)
            steps[s][kind] += tensor->bytes;
    }
    for (int s = 0; s < steps.size(); ++s)
        steps[s][int(MemoryClass::Workspace)] = live[s] - steps[s][0] - steps[s][1];
    return steps;
}

QVector<Layers> layersOfTensors(const PlanSpans &spans)
{
    const auto &live = spans.plan->memory.liveBytes;
    const auto named = largestTensors(*spans.plan);
    QVector<Layers> steps(live.size(), Layers(named.size() + 1, 0));
    for (int k = 0; k < named.size(); ++k)
        for (int s = named[k]->firstStep; s <= named[k]->lastStep && s < steps.size(); ++s)
            steps[s][k] = named[k]->bytes;
    for (int s = 0; s < steps.size(); ++s)
        steps[s].last() = live[s] - std::accumulate(steps[s].begin(), steps[s].end(), qint64(0));
    return steps;
}

} // namespace

void paintStacked(QPainter &p, const MemoryFrame &frame, const Theme &theme,
                  const MemoryScene &scene)
{
    const PlanSpans &spans = scene.front();
    const bool byClass = frame.options.colors == MemoryColors::Classes;
    const QVector<Layers> steps = byClass ? layersOfClasses(spans) : layersOfTensors(spans);
    const QVector<ColorKey> keys = colorKeys(frame, theme, *spans.plan);
    p.setRenderHint(QPainter::Antialiasing, false);
    for (int s = 0; s < spans.ends.size(); ++s) {
        if (!frame.shows(spans.start(s), spans.ends[s]))
            continue;
        const double left = frame.x(spans.start(s)), right = frame.x(spans.ends[s]);
        double at = 0;
        for (int k = 0; k < steps[s].size(); ++k) {
            if (steps[s][k] <= 0)
                continue;
            const double y = frame.y(at + double(steps[s][k]));
            p.fillRect(QRectF(left, y, std::max(1.0, right - left), frame.y(at) - y - 1),
                       keys[k].color);
            at += double(steps[s][k]);
        }
    }
    p.setRenderHint(QPainter::Antialiasing);
    paintPeak(p, frame, theme.color(QStringLiteral("text")), *spans.plan);
}

QVector<ColorKey> colorKeys(const MemoryFrame &frame, const Theme &theme, const PlanInfo &plan)
{
    const auto tr
        = [](const char *words) { return QCoreApplication::translate("MemoryTimeline", words); };
    if (frame.options.colors == MemoryColors::Classes)
        return {{colorOf(theme, MemoryClass::Activation), tr(kClassNames[0])},
                {colorOf(theme, MemoryClass::Copy), tr(kClassNames[1])},
                {colorOf(theme, MemoryClass::Workspace), tr(kClassNames[2])}};
    QVector<ColorKey> keys;
    for (const BufferInfo *tensor : largestTensors(plan))
        keys.append({categoryOf(theme, int(keys.size())), tensor->name});
    keys.append({categoryOf(theme, kNamedTensors), tr(kAllOthers)});
    return keys;
}

QSet<const BufferInfo *> inReusedSpace(const PlanInfo &plan)
{
    QSet<const BufferInfo *> again;
    std::map<qint64, qint64> used; // from → to, apart from each other
    for (const BufferInfo *tensor : tensorsByBirth(plan)) {
        qint64 from = tensor->offset, to = tensor->offset + tensor->bytes;
        auto next = used.lower_bound(from);
        if (next != used.begin() && std::prev(next)->second > from)
            --next;
        for (; next != used.end() && next->first < to; next = used.erase(next)) {
            again.insert(tensor);
            from = std::min(from, next->first);
            to = std::max(to, next->second);
        }
        used.emplace(from, to);
    }
    return again;
}

QColor reusedTint(const Theme &theme, const QColor &color)
{
    const QColor under = theme.color(QStringLiteral("canvas"));
    const auto mixed = [](int a, int b) { return int(a * kReusedShare + b * (1 - kReusedShare)); };
    return {mixed(color.red(), under.red()), mixed(color.green(), under.green()),
            mixed(color.blue(), under.blue())};
}

QVector<const BufferInfo *> lifetimeRows(const MemoryFrame &frame, const MemoryScene &scene)
{
    const PlanSpans &spans = scene.front();
    QVector<const BufferInfo *> rows = tensorsByBirth(*spans.plan);
    const LifetimeOrder order = frame.options.order;
    const auto measure = [&](const BufferInfo *b) {
        return order == LifetimeOrder::Size ? b->bytes : qint64(b->lastStep - b->firstStep);
    };
    if (order != LifetimeOrder::Birth)
        std::stable_sort(rows.begin(), rows.end(),
                         [&](auto *a, auto *b) { return measure(a) > measure(b); });
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
    const Painting colorOfTensor(frame, theme, spans);
    const auto tensors = lifetimeRows(frame, scene);
    for (int row = 0; row < tensors.size(); ++row)
        p.fillRect(rowOf(spanOf(*tensors[row], spans, frame), row, int(tensors.size()), frame),
                   colorOfTensor(*tensors[row]));
}

void paintArena(QPainter &p, const MemoryFrame &frame, const Theme &theme, const MemoryScene &scene)
{
    const PlanSpans &spans = scene.front();
    const double height = frame.plot.bottom() - frame.y(double(spans.plan->memory.arenaBytes));
    p.fillRect(QRectF(frame.plot.left(), frame.plot.bottom() - height, frame.plot.width(), height),
               QBrush(theme.color(QStringLiteral("line")), Qt::BDiagPattern));
    const Painting colorOfTensor(frame, theme, spans);
    const QPen gap(theme.color(QStringLiteral("canvas")), 1);
    const QFontMetricsF metrics(p.font());
    const auto box = [&](const QRectF &area, const QColor &color, const QString &name) {
        p.setPen(gap);
        p.setBrush(color);
        p.drawRect(area);
        const QRectF words = area.intersected(frame.plot).adjusted(4, 0, -4, 0);
        if (words.height() < metrics.height() || words.width() < metrics.horizontalAdvance(name))
            return;
        p.setPen(theme.textOn(color));
        p.drawText(words, Qt::AlignLeft | Qt::AlignVCenter, name);
    };
    const QSet<const BufferInfo *> again = inReusedSpace(*spans.plan);
    for (const BufferInfo *b : tensorsByBirth(*spans.plan)) {
        const QColor own = colorOfTensor(*b);
        box(boxOf(MemoryMode::Arena, *b, frame, scene),
            again.contains(b) ? reusedTint(theme, own) : own, b->name);
    }
    const QColor ofWorkspace = frame.options.colors == MemoryColors::Classes
        ? colorOf(theme, MemoryClass::Workspace)
        : categoryOf(theme, kNamedTensors);
    for (int s = 0; s < spans.plan->steps.size() && s < spans.ends.size(); ++s) {
        const StepInfo &step = spans.plan->steps[s];
        if (step.workspaceBytes <= 0 || !frame.shows(spans.start(s), spans.ends[s]))
            continue;
        QRectF area = frame.column(spans, s);
        area.setTop(frame.y(double(step.workspaceOffset + step.workspaceBytes)));
        area.setBottom(frame.y(double(step.workspaceOffset)));
        box(area, ofWorkspace, QString());
    }
}

} // namespace kasuri::app
