#pragma once

#include <QSet>
#include <QVector>
#include <memory>

#include "app/session/workbench_data.h"

namespace kasuri::app {

/// A plan with the place of its steps on an axis that two versions share.
struct PlanSpans {
    std::shared_ptr<const PlanInfo> plan;
    QVector<double> ends; ///< of each step, 0..1, rising

    double start(int step) const { return step > 0 ? ends[step - 1] : 0; }
    int stepAt(double x) const; ///< the step that runs at x; -1 without a plan
    QVector<const BufferInfo *> alive(int step) const; ///< arena tensors, largest first
};

/// What the memory views draw: both plans, the imported operators in source order as x. A step
/// stands where the furthest of the operators it performs stands in the version before.
struct MemoryScene {
    PlanSpans before, after;

    static MemoryScene of(std::shared_ptr<const PlanInfo> before,
                          std::shared_ptr<const PlanInfo> after);
    const PlanSpans &front() const { return after.plan ? after : before; }
    bool empty() const { return !front().plan || front().ends.isEmpty(); }
};

} // namespace kasuri::app
