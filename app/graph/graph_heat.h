#pragma once

#include <QVector>
#include <memory>

#include "app/graph/graph_item.h"
#include "app/session/advice_info.h"
#include "app/session/overlay_data.h"

namespace kasuri::app {

/// What the heat colours of a graph stand for.
enum class HeatKind { Time, Bytes, Share, Delta, Overlay };

/// The scale of a heat: what its swatches mean.
struct HeatScale {
    HeatKind kind = HeatKind::Time;
    double top = 0; ///< the largest value, for Delta the largest size; 0: nothing known yet
    QString unit;
    bool estimated = false; ///< from the estimate, nothing was measured
};

/// The plan with the time each step should take, where it has none and the estimate is of this
/// plan; else the plan itself.
std::shared_ptr<const PlanInfo> withEstimates(std::shared_ptr<const PlanInfo> plan,
                                              const StepEstimates &estimates);

/// Fills the heat of every item of a content from the plan that performs it. `isBefore`: `own` is
/// the plan before; Delta is after less before on either side, `other` being the other plan. Plans
/// may be null. A kernel's time is spread evenly over the operators it performs where those are
/// drawn.
HeatScale applyHeat(QVector<GraphItem> &items, HeatKind kind, bool isBefore, const PlanInfo *own,
                    const PlanInfo *other);
/// Says of the scale and of every item that their times are estimates.
void markEstimated(QVector<GraphItem> &items, HeatScale &scale);

/// Fills what another program measured of every item, which the heat Overlay shows: of operators as
/// told, of kernels the sum of those they perform. `own` as above; null overlay: nothing.
void applyOverlay(QVector<GraphItem> &items, const PlanInfo *own, const OverlayInfo *overlay);

} // namespace kasuri::app
