#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QVector>

#include "app/session/comparison_data.h"

namespace kasuri::app {

/// One combination of sizes and threads of `kasuri sweep`.
struct MatrixCell {
    QStringList at; ///< value of each axis
    std::optional<LatencyResult> latency; ///< empty: it failed
    std::optional<qint64> arenaBefore, arenaAfter;
    QString error;
    bool partial = false; ///< cut short
};

struct MatrixInfo {
    QStringList axes;
    QVector<MatrixCell> cells;
};

/// Empty axes when the text is no matrix.
MatrixInfo matrixFrom(const QByteArray &json);

} // namespace kasuri::app
