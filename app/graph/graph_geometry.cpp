#include "app/graph/graph_geometry.h"

#include <QCoreApplication>
#include <QPolygonF>
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/graph/stub_pills.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

struct Frames {
    Q_DECLARE_TR_FUNCTIONS(Frames)
};

/// Sums over the members of groups, at any depth.
struct GroupSum {
    std::optional<double> heat;
    QStringList operators;
    QString unsupported;
    bool isKernel = false;
};

class Composer {
public:
    Composer(const GraphContent &content, const GraphLayout &layout)
        : content_(content), layout_(layout)
    {
        for (const GraphItem &item : content.items)
            total_ += std::abs(item.heat.value_or(0));
    }

    GeometryPointer run()
    {
        sumGroups();
        auto g = std::make_shared<GraphGeometry>();
        addItems(*g);
        addFrames(*g);
        addEdges(*g);
        g->shownAs = layout_.graph.nodeOf;
        g->bounds = layout_.bounds;
        return g;
    }

private:
    void sumGroups()
    {
        sums_.resize(content_.scopes.groups.size());
        QVector<bool> wanted(sums_.size(), false);
        for (const FoldedGraph::Node &node : layout_.graph.nodes)
            if (node.group >= 0)
                wanted[node.group] = true;
        for (const FoldedGraph::Frame &frame : layout_.graph.frames)
            wanted[frame.group] = true;
        for (int i = 0; i < content_.items.size(); ++i) {
            const GraphItem &item = content_.items[i];
            for (int g = content_.scopes.groupOf[i]; g >= 0; g = content_.scopes.groups[g].parent) {
                if (!wanted[g])
                    continue;
                GroupSum &sum = sums_[g];
                if (item.heat)
                    sum.heat = sum.heat.value_or(0) + *item.heat;
                sum.operators += item.operators;
                sum.isKernel = item.isKernel;
                if (sum.unsupported.isEmpty())
                    sum.unsupported = item.unsupported;
            }
        }
    }

    double shareOf(const std::optional<double> &heat) const
    {
        return total_ > 0 ? std::clamp(heat.value_or(0) / total_, -1.0, 1.0) : 0;
    }

    QString textOf(const std::optional<double> &heat) const
    {
        const bool diverges = !content_.items.isEmpty() && content_.items.first().heatDiverges;
        return !heat ? QString() : diverges ? formatSigned(*heat) : formatMs(*heat);
    }

    GraphItem groupItem(int number) const
    {
        const ScopeGroup &group = content_.scopes.groups[number];
        const GroupSum &sum = sums_[number];
        GraphItem item;
        item.name = group.path;
        item.title = group.title;
        item.isGroup = true;
        item.isKernel = sum.isKernel;
        item.members = group.members;
        item.repeats = group.isRun ? int(group.groups.size()) : 0;
        item.operators = sum.operators;
        item.unsupported = sum.unsupported;
        item.heat = sum.heat;
        item.heatShare = shareOf(sum.heat);
        item.heatText = textOf(sum.heat);
        item.heatDiverges = content_.items.first().heatDiverges;
        item.heatUnit = content_.items.first().heatUnit;
        item.heatEstimated = sum.heat && content_.items.first().heatEstimated;
        return item;
    }

    void addItems(GraphGeometry &g) const
    {
        const auto &nodes = layout_.graph.nodes;
        g.items.reserve(nodes.size());
        for (int n = 0; n < nodes.size(); ++n) {
            g.items.append(nodes[n].item >= 0 ? content_.items[nodes[n].item]
                                              : groupItem(nodes[n].group));
            g.items.back().rect = layout_.nodes[n];
            g.itemBands.add(layout_.nodes[n]);
            g.frameOf.append(nodes[n].frame);
        }
        g.incoming.resize(nodes.size());
        g.outgoing.resize(nodes.size());
    }

    void addFrames(GraphGeometry &g) const
    {
        for (int f = 0; f < layout_.graph.frames.size(); ++f) {
            const FoldedGraph::Frame &frame = layout_.graph.frames[f];
            const ScopeGroup &group = content_.scopes.groups[frame.group];
            GraphFrame out;
            out.path = group.path;
            out.title = group.title;
            out.parent = frame.parent;
            out.rect = layout_.frames[f];
            if (group.byHand)
                out.note = Frames::tr("by hand");
            if (group.isRun) {
                out.title = content_.scopes.groups[group.groups[frame.block]].title;
                out.repeats = int(group.groups.size());
                out.note = group.title;
            }
            out.heat = sums_[frame.group].heat;
            out.heatShare = shareOf(out.heat);
            out.heatText = textOf(out.heat);
            g.frames.append(out);
        }
    }

    void addEdges(GraphGeometry &g) const
    {
        const auto &links = layout_.graph.links;
        g.edges.reserve(links.size());
        for (int l = 0; l < links.size(); ++l) {
            const GraphLink &link = content_.links[links[l].link];
            const QVector<QPointF> &route = layout_.routes[l];
            g.edges.append(
                {links[l].from, links[l].to, link.bytes, link.label, route, route.isEmpty(), {}});
            g.outgoing[links[l].from].append(l);
            g.incoming[links[l].to].append(l);
        }
        placePills(g);
        for (const GraphEdge &edge : std::as_const(g.edges))
            g.edgeBands.add(reachOf(g, edge));
    }

    const GraphContent &content_;
    const GraphLayout &layout_;
    QVector<GroupSum> sums_;
    double total_ = 0;
};

} // namespace

QRectF reachOf(const GraphGeometry &graph, const GraphEdge &edge)
{
    return edge.isStub
        ? edge.pill | QPolygonF(stubLine(edge.pill, graph.items[edge.to].rect)).boundingRect()
        : QPolygonF(edge.route).boundingRect();
}

GeometryPointer composeGeometry(const GraphContent &content, const GraphLayout &layout)
{
    return Composer(content, layout).run();
}

} // namespace kasuri::app
