#include "app/graph/graph_geometry.h"

#include <QHash>
#include <algorithm>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kLineHeight = 22, kLineMinWidth = 104, kLineMaxWidth = 224;
constexpr double kCardHeight = 40, kCardWidth = 264;
constexpr double kLinePitch = 36, kCardPitch = 66;
constexpr double kCharacterWidth = 6.6;
constexpr double kMargin = 40;

void connect(GraphGeometry &g, int from, int to, qint64 bytes, const QString &label)
{
    if (from == to)
        return;
    for (int e : g.outgoing[from])
        if (g.edges[e].to == to)
            return;
    const int number = int(g.edges.size());
    g.edges.append({from, to, bytes, label, {}, false});
    g.outgoing[from].append(number);
    g.incoming[to].append(number);
}

void place(GraphGeometry &g, double rankGap, const std::function<bool()> &cancelled)
{
    LayoutInput input;
    input.rankGap = rankGap;
    for (const GraphItem &item : g.items)
        input.boxes.push_back({item.rect.width(), item.rect.height()});
    for (const GraphEdge &edge : g.edges)
        input.edges.push_back({edge.from, edge.to});
    const LayoutResult result = layoutLayered(input, cancelled);
    if (result.cancelled)
        return;
    for (int i = 0; i < g.items.size(); ++i)
        g.items[i].rect.moveTo(result.positions[size_t(i)].x, result.positions[size_t(i)].y);
    for (int e = 0; e < g.edges.size(); ++e) {
        g.edges[e].isStub = result.isStub[size_t(e)];
        for (const PointF &p : result.routes[size_t(e)])
            g.edges[e].route.append({p.x, p.y});
    }
    g.bounds
        = QRectF(0, 0, result.width, result.height).adjusted(-kMargin, -kMargin, kMargin, kMargin);
}

void prepare(GraphGeometry &g)
{
    g.incoming.resize(g.items.size());
    g.outgoing.resize(g.items.size());
}

/// The buffer whose bytes `buffer` lies in.
int owner(const PlanInfo &plan, int buffer)
{
    while (plan.buffers[buffer].aliasOf >= 0)
        buffer = plan.buffers[buffer].aliasOf;
    return buffer;
}

double lineWidth(const QString &title)
{
    return std::clamp(double(title.size()) * kCharacterWidth + 40, kLineMinWidth, kLineMaxWidth);
}

} // namespace

GeometryPointer layoutOperators(const ModelInfo &model, const std::function<bool()> &cancelled)
{
    auto g = std::make_shared<GraphGeometry>();
    QHash<QString, int> producers;
    for (int i = 0; i < model.operators.size(); ++i) {
        const OperatorInfo &op = model.operators[i];
        GraphItem item;
        item.name = op.name;
        item.title = op.name.isEmpty() ? op.type : op.name;
        item.detail = op.type;
        item.family = familyOf(op.type);
        item.operators = op.sources;
        item.unsupported = op.unsupported;
        item.rect = QRectF(0, 0, lineWidth(item.title), kLineHeight);
        item.searchText = QStringList{op.name, op.type, op.scope, op.output, op.attributes}.join(
            QLatin1Char(' '));
        g->items.append(item);
        for (const QString &value : op.outputs)
            producers.insert(value, i);
    }
    prepare(*g);
    for (int i = 0; i < model.operators.size(); ++i)
        for (const QString &value : model.operators[i].inputs)
            if (const auto from = producers.constFind(value); from != producers.constEnd()) {
                const OperatorInfo &source = model.operators[*from];
                connect(*g, *from, i, source.bytes,
                        source.output + QStringLiteral(" · ") + formatBytes(source.bytes));
            }
    place(*g, kLinePitch - kLineHeight, cancelled);
    return g;
}

GeometryPointer layoutKernels(const PlanInfo &plan, const std::function<bool()> &cancelled)
{
    auto g = std::make_shared<GraphGeometry>();
    for (int i = 0; i < plan.steps.size(); ++i) {
        const StepInfo &step = plan.steps[i];
        GraphItem item;
        item.name = step.name;
        item.title = step.title;
        item.detail = step.name;
        item.family = familyOf(step.title);
        item.operators = step.sources;
        item.isKernel = true;
        for (const QString &part : step.title.split(QStringLiteral(" + ")))
            item.threads.append(familyOf(part));
        while (item.threads.size() < step.sources.size())
            item.threads.append(item.family);
        item.rect = QRectF(0, 0, kCardWidth, kCardHeight);
        item.searchText = step.title + QLatin1Char(' ') + step.name + QLatin1Char(' ')
            + step.sources.join(QLatin1Char(' ')) + QLatin1Char(' ') + step.backend;
        g->items.append(item);
    }
    prepare(*g);
    // In run order the last writer of the bytes a buffer shares is the producer of what is read.
    QHash<int, int> writers;
    for (int i = 0; i < plan.steps.size(); ++i) {
        for (int buffer : plan.steps[i].inputs)
            if (const auto from = writers.constFind(owner(plan, buffer));
                from != writers.constEnd()) {
                const BufferInfo &b = plan.buffers[buffer];
                connect(*g, *from, i, b.bytes,
                        b.name + QStringLiteral(" · ") + formatBytes(b.bytes));
            }
        for (int buffer : plan.steps[i].outputs)
            writers.insert(owner(plan, buffer), i);
    }
    place(*g, kCardPitch - kCardHeight, cancelled);
    return g;
}

} // namespace kasuri::app
