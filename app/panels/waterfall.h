#pragma once

#include <QRectF>
#include <QString>
#include <QVector>

#include "app/session/workbench_data.h"
#include "app/style/theme.h"

class QPainter;

namespace kasuri::app {

/// What one pass adds to the latency, or what no pass explains.
struct WaterfallBar {
    QString name;
    EffectResult effect; ///< ms in the chain; nothing measured for the rest
    double fromMs = 0;
    bool isRest = false;
};

/// In run order from the latency before to the latency after, without a gap. Every pair of a pass
/// has a baseline of its own, so its ratio is what counts: each bar is that ratio of what the bars
/// before it left. A rest below what can be seen is left out.
QVector<WaterfallBar> waterfallBars(const ComparisonInfo &comparison);

/// The cumulative effect of the passes, from the latency before to the latency after: one floating
/// bar per pass with its whisker, end lines in the colours of the sides. Where the area is too low
/// for all, the weakest are left out.
void paintWaterfall(QPainter &painter, const QRectF &area, const Theme &theme,
                    const ComparisonInfo &comparison);

/// The same in words: "fuse −21.0 ms; layout same".
QString waterfallText(const ComparisonInfo &comparison);

/// How the bars are made, for a tool tip.
QString waterfallReading();

} // namespace kasuri::app
