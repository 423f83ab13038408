#pragma once

#include <QStringList>
#include <QVector>

#include "app/session/exit_data.h"

namespace kasuri::app {

/// A row per exit at a place of the slider: name, rule, share that leaves, time to get there,
/// bytes.
QVector<QStringList> exitRows(const ExitInfo &info, int place);
/// What the thresholds of a place do, and whether they are certified.
QString placeWords(const ExitInfo &info, int place);
/// On which data, what was risked, how long it takes, whether the calibration still holds.
QString exitFacts(const ExitInfo &info);

} // namespace kasuri::app
