#include "app/graph/layout_level.h"

#include <cmath>
#include <functional>
#include <queue>
#include <vector>

namespace kasuri::app {
namespace {

constexpr double kLeastStep = 8; ///< px; half of what keeps lines off items

} // namespace

quint64 keyOf(LevelBox::Kind kind, int number)
{
    return quint64(kind) << 32 | quint32(number);
}

void cutCycles(LayoutLevel &level)
{
    const int count = int(level.boxes.size());
    QVector<QVector<int>> out(count);
    QVector<int> waiting(count, 0);
    for (int w = 0; w < level.ways.size(); ++w) {
        out[level.ways[w].from].append(w);
        ++waiting[level.ways[w].to];
    }
    QVector<int> rank(count, -1);
    std::priority_queue<int, std::vector<int>, std::greater<>> ready;
    for (int b = 0; b < count; ++b)
        if (waiting[b] == 0)
            ready.push(b);
    int placed = 0, next = 0;
    while (placed < count) {
        if (ready.empty()) {
            while (rank[next] >= 0)
                ++next;
            ready.push(next);
        }
        const int box = ready.top();
        ready.pop();
        if (rank[box] >= 0)
            continue;
        rank[box] = placed++;
        for (int w : out[box])
            if (--waiting[level.ways[w].to] == 0)
                ready.push(level.ways[w].to);
    }
    for (LevelWay &way : level.ways)
        way.isAgainst = rank[way.from] >= rank[way.to];
}

void appendTo(QVector<QPointF> &route, const QPointF &p)
{
    const auto straight = [&](double a, double b, double c) {
        return std::abs(a - b) < 0.01 && std::abs(b - c) < 0.01;
    };
    const qsizetype n = route.size();
    if (n >= 2
        && (straight(route[n - 2].x(), route[n - 1].x(), p.x())
            || straight(route[n - 2].y(), route[n - 1].y(), p.y())))
        route.back() = p;
    else
        route.append(p);
}

void straighten(QVector<QPointF> &route)
{
    const auto upright
        = [&](qsizetype i) { return std::abs(route[i].x() - route[i + 1].x()) < 0.01; };
    for (qsizetype i = 1; i + 2 < route.size(); ++i) {
        const double step = route[i + 1].x() - route[i].x();
        if (std::abs(step) >= kLeastStep || upright(i) || !upright(i - 1) || !upright(i + 1))
            continue;
        if (i + 3 < route.size()) {
            route[i + 1].rx() -= step;
            route[i + 2].rx() -= step;
        } else if (i > 1) {
            route[i - 1].rx() += step;
            route[i].rx() += step;
        }
    }
}

} // namespace kasuri::app
