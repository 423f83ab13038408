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

/// The ends of the steps in the unit of the axis.
QVector<double> endsOf(const PlanInfo &plan, MemoryAxis axis)
{
    QVector<double> ends;
    double end = 0;
    for (int s = 0; s < plan.memory.liveBytes.size(); ++s) {
        end += axis == MemoryAxis::Step ? 1
            : s < plan.steps.size()     ? plan.steps[s].medianMs.value_or(0)
                                        : 0;
        ends.append(end);
    }
    return ends;
}

void stretch(PlanSpans &spans, double length)
{
    for (double &end : spans.ends)
        end /= length;
}

} // namespace

bool isTimed(const PlanInfo &plan)
{
    return !plan.steps.isEmpty()
        && std::all_of(plan.steps.begin(), plan.steps.end(),
                       [](const StepInfo &step) { return step.medianMs.has_value(); });
}

int PlanSpans::runningAt(double x) const
{
    return ends.isEmpty() || x > ends.last() ? -1 : stepAt(x);
}

MemoryClass PlanSpans::classOf(const BufferInfo &tensor) const
{
    const int number = int(&tensor - plan->buffers.constData());
    const int first = tensor.firstStep;
    const bool copied = first >= 0 && first < plan->steps.size() && plan->steps[first].movesOnly
        && plan->steps[first].outputs.contains(number);
    return copied ? MemoryClass::Copy : MemoryClass::Activation;
}

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
                            std::shared_ptr<const PlanInfo> after, MemoryAxis axis, bool both)
{
    MemoryScene scene{inRunOrder(std::move(before)), inRunOrder(std::move(after))};
    const PlanInfo *front = scene.front().plan.get(), *other = scene.before.plan.get();
    const bool timed = front && isTimed(*front) && (!both || !other || isTimed(*other));
    if (front && (axis == MemoryAxis::Step || (axis == MemoryAxis::Measured && timed))) {
        scene.axis = axis;
        for (PlanSpans *spans : {&scene.before, &scene.after}) {
            if (!spans->plan)
                continue;
            spans->ends = endsOf(*spans->plan, axis);
            const bool counts = both || spans == &scene.front();
            if (counts && !spans->ends.isEmpty())
                scene.length = std::max(scene.length, spans->ends.last());
        }
        scene.length = std::max(scene.length, 1e-9);
        for (PlanSpans *spans : {&scene.before, &scene.after})
            stretch(*spans, scene.length);
        return scene;
    }
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
