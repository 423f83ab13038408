#include "app/graph/graph_heat.h"

#include <QCoreApplication>
#include <QHash>
#include <algorithm>
#include <cmath>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

struct Cost {
    std::optional<double> ms;
    double bytes = 0;
};

/// What each imported operator costs in a plan; a kernel's cost is spread evenly.
QHash<QString, Cost> costsOf(const PlanInfo &plan)
{
    QHash<QString, Cost> costs;
    for (const StepInfo &step : plan.steps) {
        const double parts = double(std::max<qsizetype>(1, step.sources.size()));
        for (const QString &source : step.sources) {
            Cost &cost = costs[source];
            if (step.medianMs)
                cost.ms = cost.ms.value_or(0) + *step.medianMs / parts;
            cost.bytes += double(step.bytesRead + step.bytesWritten) / parts;
        }
    }
    return costs;
}

Cost sumOf(const QStringList &operators, const QHash<QString, Cost> &costs)
{
    Cost sum;
    for (const QString &name : operators) {
        const auto cost = costs.constFind(name);
        if (cost == costs.constEnd())
            continue;
        if (cost->ms)
            sum.ms = sum.ms.value_or(0) + *cost->ms;
        sum.bytes += cost->bytes;
    }
    return sum;
}

QVector<Cost> ownCosts(const QVector<GraphItem> &items, const PlanInfo &plan)
{
    QVector<Cost> list;
    const QHash<QString, Cost> costs = costsOf(plan);
    for (int i = 0; i < items.size(); ++i) {
        const GraphItem &item = items[i];
        if (item.isKernel && i < plan.steps.size()) {
            const StepInfo &step = plan.steps[i];
            list.append({step.medianMs, double(step.bytesRead + step.bytesWritten)});
        } else {
            list.append(sumOf(item.operators, costs));
        }
    }
    return list;
}

std::optional<double> plainValue(HeatKind kind, const Cost &cost, double totalMs)
{
    if (kind == HeatKind::Bytes)
        return cost.bytes / 1048576.0;
    if (!cost.ms || kind == HeatKind::Time)
        return cost.ms;
    return totalMs > 0 ? std::optional(*cost.ms / totalMs * 100) : std::nullopt;
}

std::optional<double> deltaValue(const Cost &own, const Cost &other, bool isBefore)
{
    if (!own.ms)
        return std::nullopt;
    const double change = other.ms.value_or(0) - *own.ms;
    return isBefore ? change : -change;
}

QString unitOf(HeatKind kind)
{
    return kind == HeatKind::Bytes ? QStringLiteral("MiB")
        : kind == HeatKind::Share  ? QStringLiteral("%")
                                   : QCoreApplication::translate("Heat", "ms");
}

} // namespace

std::shared_ptr<const PlanInfo> withEstimates(std::shared_ptr<const PlanInfo> plan,
                                              const StepEstimates &estimates)
{
    if (!plan || plan->profile || estimates.planHash.isEmpty() || plan->hash != estimates.planHash
        || plan->steps.size() != estimates.ms.size())
        return plan;
    auto timed = std::make_shared<PlanInfo>(*plan);
    for (int i = 0; i < timed->steps.size(); ++i)
        timed->steps[i].medianMs = estimates.ms[i];
    return timed;
}

void markEstimated(QVector<GraphItem> &items, HeatScale &scale)
{
    if (scale.kind == HeatKind::Bytes || scale.kind == HeatKind::Overlay || scale.top <= 0)
        return;
    scale.estimated = true;
    for (GraphItem &item : items)
        item.heatEstimated = true;
}

HeatScale applyHeat(QVector<GraphItem> &items, HeatKind kind, bool isBefore, const PlanInfo *own,
                    const PlanInfo *other)
{
    HeatScale scale{kind, 0, unitOf(kind)};
    const QVector<Cost> costs = own ? ownCosts(items, *own) : QVector<Cost>(items.size());
    const QHash<QString, Cost> others
        = other && kind == HeatKind::Delta ? costsOf(*other) : QHash<QString, Cost>();
    double totalMs = 0;
    for (const Cost &cost : costs)
        totalMs += cost.ms.value_or(0);
    for (int i = 0; i < items.size(); ++i) {
        GraphItem &item = items[i];
        item.heat = kind == HeatKind::Delta
            ? deltaValue(costs[i], sumOf(item.operators, others), isBefore)
            : kind == HeatKind::Overlay ? item.overlayMs
                                        : plainValue(kind, costs[i], totalMs);
        scale.top = std::max(scale.top, std::abs(item.heat.value_or(0)));
    }
    for (GraphItem &item : items) {
        item.heatShare = scale.top > 0 ? item.heat.value_or(0) / scale.top : 0;
        item.heatDiverges = kind == HeatKind::Delta;
        item.heatUnit = scale.unit;
        item.heatText = !item.heat    ? QString()
            : kind == HeatKind::Delta ? formatSigned(*item.heat)
                                      : formatMs(*item.heat);
        if (scale.top <= 0)
            item.heat.reset();
    }
    return scale;
}

void applyOverlay(QVector<GraphItem> &items, const PlanInfo *own, const OverlayInfo *overlay)
{
    const QVector<std::optional<double>> steps
        = own && overlay ? overlayOf(*own, *overlay) : QVector<std::optional<double>>();
    for (int i = 0; i < items.size(); ++i) {
        GraphItem &item = items[i];
        item.overlayMs.reset();
        if (!overlay)
            continue;
        if (item.isKernel && i < steps.size()) {
            item.overlayMs = steps[i];
            continue;
        }
        for (const QString &name : item.operators)
            if (const auto ms = overlay->operatorMs.constFind(name);
                ms != overlay->operatorMs.constEnd())
                item.overlayMs = item.overlayMs.value_or(0) + *ms;
    }
}

} // namespace kasuri::app
