#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QVector>
#include <optional>

namespace kasuri::app {

/// One exit of an answer of `kasuri early-exit`; the last is the full model.
struct ExitHead {
    QString name, rule;
    double shareLeft = 0, timeShare = 0;
    qint64 weightsBytes = 0, arenaBytes = 0;
};

/// One place of the slider: thresholds from careful to bold, and what they do to the test samples.
struct ExitPoint {
    QVector<double> thresholds, shares;
    double agreement = 1, expectedMs = 0;
    bool chosen = false; ///< the boldest that was certified
};

/// A loss counted among samples.
struct ExitRisk {
    QString what;
    qint64 k = 0, n = 0;
    double limit = 0, bound = 0;
};

struct ExitTimes {
    double mean = 0, p95 = 0, worst = 0;
};

struct ExitDrift {
    qint64 samples = 0, alarmAt = -1, fellBack = 0;
    QString why;
};

struct ExitInfo {
    QString gate, policy, data, command;
    qint64 certifiedOn = 0, testedOn = 0, batch = 1;
    double epsilon = 0, agreement = 1;
    bool certified = false;
    QVector<ExitHead> heads;
    QVector<ExitPoint> path;
    int chosen = 0; ///< position on the path
    QVector<ExitRisk> risks, tested;
    QStringList whyNot;
    ExitTimes full, early;
    double speedup = 1, speedupLow = 1, speedupHigh = 1, worstCase = 1;
    std::optional<double> accuracyFull, accuracyEarly;
    std::optional<ExitDrift> drift;
};

/// Empty when the text is no such answer.
std::optional<ExitInfo> exitsFrom(const QByteArray &json);

} // namespace kasuri::app
