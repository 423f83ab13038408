#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>
#include <QVector>
#include <optional>

namespace kasuri::app {

/// What is needed to say when a change pays for itself.
struct PaybackInput {
    double queriesPerDay = 0, costPerHour = 0, effortHours = 0, costPerEffortHour = 0;
    double machines = 0; ///< that run all day; 0: hours are paid as used
};

/// What each step of a plan should take, in run order.
struct StepEstimates {
    QString planHash;
    QVector<double> ms;
    bool operator==(const StepEstimates &) const = default;
};

/// The estimate of `kasuri advise`: before any run.
struct AdviceInfo {
    QString verdict; ///< "go", "no-go", ...
    QString why;
    QString recipe;
    double beforeMs = 0, afterMs = 0; ///< estimates
    qint64 arenaBefore = 0, arenaAfter = 0;
    StepEstimates stepsBefore, stepsAfter;
    struct Pass {
        double ms = 0;
        qint64 arenaBytes = 0;
        int applied = 0, declined = 0;
    };
    QHash<QString, Pass> passes;
    std::optional<double> paybackDays;
    QString payback; ///< in words; empty: no figures given
};

/// Empty when the text is no advice.
std::optional<AdviceInfo> adviceFrom(const QByteArray &json);

} // namespace kasuri::app
