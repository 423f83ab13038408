#pragma once

#include <QString>
#include <QStringList>

#include "app/session/advice_info.h"

namespace kasuri::app {

/// How much is found out: all blocks, the fewest that give a verdict, every pass as well, which
/// rule or site is to blame, only the times of kernels, only an estimate without any run, what
/// another program's profile says.
enum class MeasureKind { Full, Quick, EachPass, Bisect, Profile, Estimate, Overlay };

/// What to measure. Without sides and baseline: the recipe against none.
struct MeasureRequest {
    MeasureKind kind = MeasureKind::Full;
    QStringList sides; ///< columns, as `kasuri compare --side` takes them
    QString baseline; ///< a saved plan to run again, interleaved with the recipe
    PaybackInput payback; ///< of an estimate
    QString overlay; ///< the profile to lay over the model; empty: none any more

    MeasureRequest(MeasureKind wanted = MeasureKind::Full) : kind(wanted) { }
    bool columns() const { return !sides.isEmpty() || !baseline.isEmpty(); }
};

} // namespace kasuri::app
