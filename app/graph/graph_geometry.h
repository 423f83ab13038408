#pragma once

#include <QRectF>
#include <QString>
#include <QStringList>
#include <QVector>
#include <optional>

#include "app/graph/layered_layout.h"
#include "app/session/workbench_data.h"

namespace kasuri::app {

/// What became of an item in the other version of the graph.
enum class Change { None, Same, Changed, Fused, Added, Removed };

/// One thing drawn: an operator line or a kernel card.
struct GraphItem {
    QString name; ///< identity: node or step name
    QString title;
    QString detail; ///< second line of a card
    Family family = Family::Other;
    QVector<Family> threads; ///< one per source operator of a kernel
    QStringList operators; ///< graph node names it stands for
    bool isKernel = false;
    QString unsupported;
    std::optional<double> heat; ///< value shown, see graph_heat.h; empty: unknown
    double heatShare = 0; ///< of the largest; signed where the heat diverges
    bool heatDiverges = false;
    QString heatText, heatUnit;
    Change change = Change::None;
    QRectF rect;
    QString searchText;
};

struct GraphEdge {
    int from = 0;
    int to = 0;
    qint64 bytes = 0;
    QString label; ///< "1×128×768 · 384 KiB"
    QVector<QPointF> route;
    bool isStub = false;
};

/// A laid-out picture of a graph; immutable once made (it crosses threads).
struct GraphGeometry {
    QVector<GraphItem> items;
    QVector<GraphEdge> edges;
    QVector<QVector<int>> incoming, outgoing; ///< edge numbers per item
    QRectF bounds;
};
using GeometryPointer = std::shared_ptr<const GraphGeometry>;

/// Operators as lines ("before") or a plan's kernels as cards ("after").
GeometryPointer layoutOperators(const ModelInfo &model, const std::function<bool()> &cancelled);
GeometryPointer layoutKernels(const PlanInfo &plan, const std::function<bool()> &cancelled);

} // namespace kasuri::app
