#pragma once

#include <QVector>

#include "app/graph/graph_item.h"

namespace kasuri::app {

/// What the heat colours of a graph stand for.
enum class HeatKind { Time, Bytes, Share, Delta };

/// The scale of a heat: what its swatches mean.
struct HeatScale {
    HeatKind kind = HeatKind::Time;
    double top = 0; ///< the largest value, for Delta the largest size; 0: nothing known yet
    QString unit;
};

/// Fills the heat of every item of a content from the plan that performs it. `isBefore`: `own` is
/// the plan before; Delta is after less before on either side, `other` being the other plan. Plans
/// may be null. A kernel's time is spread evenly over the operators it performs where those are
/// drawn.
HeatScale applyHeat(QVector<GraphItem> &items, HeatKind kind, bool isBefore, const PlanInfo *own,
                    const PlanInfo *other);

} // namespace kasuri::app
