#pragma once

#include <QPointF>
#include <QRectF>
#include <QVector>
#include <functional>
#include <memory>

#include "app/graph/fold_state.h"

namespace kasuri::app {

/// Where everything of a folded graph stands; immutable once made (it crosses threads).
struct GraphLayout {
    FoldedGraph graph;
    QVector<QRectF> nodes, frames;
    QVector<QVector<QPointF>> routes; ///< per link of the graph; empty: a stub
    QRectF bounds;
};
using LayoutPointer = std::shared_ptr<const GraphLayout>;

/// Lays out every frame by itself, innermost first, as a box of the one around it; links pass
/// frames through ports in their borders. Those against the flow, of too many ranks, or of a
/// producer that all blocks read become stubs, whose pills have their room (stub_pills.h). Empty
/// when cancelled. `rooms`: px across that items take at least, where given.
LayoutPointer layoutNested(const GraphContent &content, const FoldState &folds,
                           const std::function<bool()> &cancelled = {},
                           const QVector<double> &rooms = {});

} // namespace kasuri::app
