#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QVector>
#include <optional>

namespace kasuri::app {

/// One recipe that `kasuri search` tried.
struct SearchTrial {
    QString recipe;
    double ms = 0; ///< screened: a few runs, none interleaved
    qint64 arenaBytes = 0;
    int kernels = 0;
    bool right = true; ///< its outputs
    bool stopped = false; ///< far too slow, or it does not run: `error`
    bool pareto = false; ///< none tried is better in latency or memory without being worse in one
    QString error;
    QString verdict; ///< confirmed interleaved: "faster", ...; empty: not confirmed
    std::optional<double> ratio; ///< against the recipe searched from

    /// It has a place in a picture of latency against memory.
    bool measured() const { return !stopped && error.isEmpty() && ms > 0; }
};

struct SearchInfo {
    QVector<SearchTrial> trials; ///< the first is the recipe searched from
    QString best;
    bool partial = false; ///< cancelled before all was tried
    bool outOfTime = false; ///< before the whole Pareto front was confirmed
    double seconds = 0;
};

SearchTrial trialFrom(const QJsonObject &object);
/// Puts a trial in the place of the one with its recipe, or at the end.
void keepTrial(QVector<SearchTrial> &trials, const SearchTrial &trial);
/// What `kasuri search --json` prints; empty when it is something else.
std::optional<SearchInfo> searchFrom(const QByteArray &json);

} // namespace kasuri::app
