#include "app/charts/memory_axis.h"

#include <algorithm>
#include <cmath>

namespace kasuri::app {
namespace {

/// Of each step that of the furthest operator in a group; a step without one goes with the last.
QVector<QStringList> pathsOf(const PlanInfo &plan, qsizetype steps, const GroupPaths &groups)
{
    QVector<QStringList> paths;
    QStringList last;
    for (int s = 0; s < steps; ++s) {
        const QStringList &sources = s < plan.steps.size() ? plan.steps[s].sources : QStringList();
        for (auto name = sources.rbegin(); name != sources.rend(); ++name)
            if (const auto found = groups.constFind(*name); found != groups.constEnd()) {
                last = *found;
                break;
            }
        paths.append(last);
    }
    return paths;
}

} // namespace

QVector<AxisMark> groupMarks(const PlanSpans &spans, const GroupPaths &groups,
                             const AxisWindow &window, int most)
{
    const QVector<QStringList> paths = pathsOf(*spans.plan, spans.ends.size(), groups);
    qsizetype deepest = 0;
    for (const QStringList &path : paths)
        deepest = std::max(deepest, path.size());
    QVector<AxisMark> chosen;
    for (qsizetype depth = 1; depth <= deepest; ++depth) {
        QVector<AxisMark> marks;
        QStringList here;
        for (int s = 0; s < paths.size(); ++s) {
            if (spans.ends[s] <= window.from || spans.start(s) >= window.to)
                continue;
            QStringList next = paths[s].mid(0, depth);
            if (here.size() > next.size() && here.mid(0, next.size()) == next)
                next = here; // what stands between blocks goes with the one before
            if (!next.isEmpty() && next != here)
                marks.append({std::max(window.from, spans.start(s)), next.last()});
            here = next;
        }
        if (marks.size() > most && depth > 1)
            break;
        chosen = marks;
    }
    return chosen;
}

QVector<AxisMark> numberMarks(double length, const AxisWindow &window, int most)
{
    const double span = length * window.span() / std::max(1, most);
    const double base = std::pow(10, std::floor(std::log10(std::max(span, 1e-12))));
    double pitch = 10 * base;
    for (const double step : {1.0, 2.0, 5.0})
        if (step * base >= span) {
            pitch = step * base;
            break;
        }
    QVector<AxisMark> marks;
    const int digits = std::max(0, int(std::ceil(-std::log10(pitch) - 1e-9)));
    for (double k = std::ceil(length * window.from / pitch); k * pitch <= length * window.to; ++k)
        marks.append({k * pitch / length, QString::number(k * pitch, 'f', digits)});
    return marks;
}

} // namespace kasuri::app
