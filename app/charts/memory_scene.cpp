#include "app/charts/memory_scene.h"

#include <QHash>
#include <algorithm>

namespace kasuri::app {
namespace {

PlanSpans inRunOrder(std::shared_ptr<const PlanInfo> plan)
{
    PlanSpans spans{std::move(plan), {}};
    if (!spans.plan)
        return spans;
    const int count = int(spans.plan->memory.liveBytes.size());
    for (int s = 0; s < count; ++s)
        spans.ends.append(double(s + 1) / count);
    return spans;
}

QHash<QString, double> placesOf(const PlanSpans &spans)
{
    QHash<QString, double> places;
    for (int s = 0; s < spans.ends.size() && s < spans.plan->steps.size(); ++s)
        for (const QString &source : spans.plan->steps[s].sources)
            places[source] = spans.ends[s];
    return places;
}

} // namespace

int PlanSpans::stepAt(double x) const
{
    if (ends.isEmpty())
        return -1;
    const auto at = std::upper_bound(ends.begin(), ends.end(), x);
    return std::min(int(at - ends.begin()), int(ends.size()) - 1);
}

QVector<const BufferInfo *> PlanSpans::alive(int step) const
{
    QVector<const BufferInfo *> list;
    if (!plan || step < 0)
        return list;
    for (const BufferInfo &b : plan->buffers)
        if (b.kind == QLatin1String("arena") && b.firstStep <= step && step <= b.lastStep)
            list.append(&b);
    std::sort(list.begin(), list.end(), [](auto *a, auto *b) { return a->bytes > b->bytes; });
    return list;
}

MemoryScene MemoryScene::of(std::shared_ptr<const PlanInfo> before,
                            std::shared_ptr<const PlanInfo> after)
{
    MemoryScene scene{inRunOrder(std::move(before)), inRunOrder(std::move(after))};
    if (!scene.before.plan || !scene.after.plan)
        return scene;
    const QHash<QString, double> places = placesOf(scene.before);
    double last = 0;
    for (int s = 0; s < scene.after.ends.size(); ++s) {
        if (s < scene.after.plan->steps.size())
            for (const QString &source : scene.after.plan->steps[s].sources)
                last = std::max(last, places.value(source, last));
        scene.after.ends[s] = last;
    }
    if (!scene.after.ends.isEmpty())
        scene.after.ends.last() = 1;
    return scene;
}

} // namespace kasuri::app
