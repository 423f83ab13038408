#pragma once

#include <QFont>
#include <QImage>
#include <QString>
#include <QVector>

#include "app/style/theme.h"

namespace kasuri::app {

/// How long some steps took in each run of the profile, ms; empty: not measured.
struct StepRuns {
    QVector<double> before, after;

    bool empty() const { return before.isEmpty() && after.isEmpty(); }
};

/// How many runs took how long: both sides on one axis, medians named below it; the slowest few
/// are counted at its end. `size` in px at `scale` 1.
QImage stepHistogram(const StepRuns &runs, const Theme &theme, const QFont &font, const QSize &size,
                     double scale);
/// The same in words: "before: 50 runs, 1.20 … 1.31 ms (2 slower than shown)".
QString wordsOf(const StepRuns &runs);

} // namespace kasuri::app
