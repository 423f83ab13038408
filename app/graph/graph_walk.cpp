#include "app/graph/graph_walk.h"

#include <cmath>

namespace kasuri::app {
namespace {

/// The edge to the item nearest to straight up or down.
int along(const GraphGeometry &graph, int here, bool down)
{
    const double x = graph.items[here].rect.center().x();
    int best = -1;
    double nearest = 0;
    for (int e : down ? graph.outgoing[here] : graph.incoming[here]) {
        const int other = down ? graph.edges[e].to : graph.edges[e].from;
        const QRectF &box = graph.items[other].rect;
        const double far = std::abs(box.center().x() - x)
            + std::abs(box.center().y() - graph.items[here].rect.center().y())
            + (graph.edges[e].isStub ? 1e6 : 0);
        if (best < 0 || far < nearest) {
            best = other;
            nearest = far;
        }
    }
    return best;
}

int beside(const GraphGeometry &graph, int here, bool right)
{
    const QRectF &box = graph.items[here].rect;
    const QRectF rank(-1e9, box.top(), 2e9, box.height());
    int best = -1;
    double nearest = 0;
    graph.itemBands.forEach(rank, [&](int other) {
        const double step = graph.items[other].rect.center().x() - box.center().x();
        if (other == here || (right ? step <= 0 : step >= 0))
            return;
        if (best < 0 || std::abs(step) < nearest) {
            best = other;
            nearest = std::abs(step);
        }
    });
    return best;
}

QSet<int> reach(const GraphGeometry &graph, int from, bool down)
{
    QSet<int> seen{from};
    QVector<int> open{from};
    while (!open.isEmpty()) {
        const int here = open.takeLast();
        for (int e : down ? graph.outgoing[here] : graph.incoming[here]) {
            const int other = down ? graph.edges[e].to : graph.edges[e].from;
            if (seen.contains(other))
                continue;
            seen.insert(other);
            open.append(other);
        }
    }
    return seen;
}

} // namespace

int neighbour(const GraphGeometry &graph, int here, int key)
{
    if (key == Qt::Key_Down || key == Qt::Key_Up)
        return along(graph, here, key == Qt::Key_Down);
    return beside(graph, here, key == Qt::Key_Right);
}

QSet<int> between(const GraphGeometry &graph, int a, int b)
{
    for (const auto &[from, to] : {std::pair(a, b), std::pair(b, a)}) {
        QSet<int> way = reach(graph, from, true);
        if (way.contains(to))
            return way.intersect(reach(graph, to, false));
    }
    return {};
}

} // namespace kasuri::app
