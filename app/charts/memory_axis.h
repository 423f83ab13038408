#pragma once

#include <QHash>
#include <QString>
#include <QStringList>
#include <QVector>

#include "app/charts/axis_window.h"
#include "app/charts/memory_scene.h"

namespace kasuri::app {

/// Titles of the groups of an operator, outermost first.
using GroupPaths = QHash<QString, QStringList>;

/// A named place on the axis.
struct AxisMark {
    double at = 0; ///< share of the axis
    QString name;

    bool operator==(const AxisMark &) const = default;
};

/// Where groups begin, as deep as at most `most` of them are in the part shown, the outermost in
/// any case; the first one shown begins where that part does.
QVector<AxisMark> groupMarks(const PlanSpans &spans, const GroupPaths &groups,
                             const AxisWindow &window, int most);
/// Round numbers of an axis of that length, about `most` in the part shown.
QVector<AxisMark> numberMarks(double length, const AxisWindow &window, int most);

} // namespace kasuri::app
