#pragma once

#include <QRectF>
#include <QVector>

#include "app/session/workbench_data.h"
#include "app/style/theme.h"

class QPainter;

namespace kasuri::app {

/// The cumulative effect of the passes, from the latency before to the latency after: one floating
/// bar per pass with its whisker, end lines in the colours of the sides. Where the area is too low
/// for all, the weakest are left out.
void paintWaterfall(QPainter &painter, const QRectF &area, const Theme &theme,
                    const ComparisonInfo &comparison);

/// The same in words: "fuse −21.0 ms; layout same".
QString waterfallText(const ComparisonInfo &comparison);

} // namespace kasuri::app
