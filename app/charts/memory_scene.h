#pragma once

#include <QSet>
#include <QVector>
#include <memory>

#include "app/session/workbench_data.h"

namespace kasuri::app {

/// What x means: the place of operators in the model, the number of a step, or the time when it
/// runs, by the medians of the profile one after another.
enum class MemoryAxis { Source, Step, Measured };

/// What a part of the arena holds: results of arithmetic, copies in another layout or order, what a
/// kernel needs only while it runs.
enum class MemoryClass { Activation, Copy, Workspace };

/// A plan with the place of its steps on an axis that two versions share.
struct PlanSpans {
    std::shared_ptr<const PlanInfo> plan;
    /// Of each step, rising; 1 is where the axis ends, and a version that is only listed beside the
    /// one that is drawn may go on behind it.
    QVector<double> ends;

    double start(int step) const { return step > 0 ? ends[step - 1] : 0; }
    int stepAt(double x) const; ///< the step that runs at x, or the last; -1 without a plan
    int runningAt(double x) const; ///< the same; -1 also when the plan has ended before
    MemoryClass classOf(const BufferInfo &tensor) const; ///< of this plan
    QVector<const BufferInfo *> alive(int step) const; ///< arena tensors, largest first
};

/// What the memory views draw: both plans on one axis. In source order a step stands where the
/// furthest of the operators it performs stands in the version before.
struct MemoryScene {
    PlanSpans before, after;
    MemoryAxis axis = MemoryAxis::Source;
    double length = 0; ///< of the axis: steps, or ms

    /// `both`: the axis is as long as the longer version, else as the one in front. An axis that
    /// needs times which were not measured is replaced by source order.
    static MemoryScene of(std::shared_ptr<const PlanInfo> before,
                          std::shared_ptr<const PlanInfo> after,
                          MemoryAxis axis = MemoryAxis::Source, bool both = true);
    const PlanSpans &front() const { return after.plan ? after : before; }
    bool empty() const { return !front().plan || front().ends.isEmpty(); }
};

/// Whether all steps have times.
bool isTimed(const PlanInfo &plan);

} // namespace kasuri::app
