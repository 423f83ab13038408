#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>
#include <QVector>
#include <optional>

namespace kasuri::app {

/// What one pass does to the latency; ms with it less ms without it.
struct EffectResult {
    double ms = 0;
    double lowMs = 0;
    double highMs = 0;
    QString verdict; ///< of LatencyResult, or "broken"
    double ratio = 1, ratioLow = 1, ratioHigh = 1; ///< with it to without it, of paired blocks
};

struct PassEffectInfo {
    QString pass;
    std::optional<EffectResult> cumulative; ///< after the passes before it
    std::optional<EffectResult> alone;
    std::optional<EffectResult> leftOut; ///< in the whole recipe
};

/// What slows the model down, found by halving.
struct SlowPart {
    QString pass;
    QStringList sites; ///< or rules
};

/// One value before and after with an interval of the ratio after / before.
struct LatencyResult {
    double beforeMs = 0;
    double afterMs = 0;
    double ratioLow = 0;
    double ratioHigh = 0;
    QString verdict; ///< "faster", "slower", "same", "undecided"
    double ratio = 1; ///< of the paired blocks; the medians of the sides may differ by another
};

/// Bytes by their exact names; empty where a runtime does not tell.
struct SideMemory {
    std::optional<qint64> weights, packed, arena, lowerBound, workspace, peakRss;
};

/// One column of a comparison.
struct SideInfo {
    QString name, runtime, recipe, planHash;
    int threads = 0;
    std::optional<double> medianMs, p90Ms, firstRunMs, prepareMs, itemsPerSecond;
    QString p99Why; ///< why there is no p99; empty: there is
    int samples = 0, outliers = 0;
    SideMemory memory;
    QVector<double> blockMedians, samplesMs; ///< ms, run order
    QVector<int> outlierBlocks, outlierRuns; ///< places in those that are flagged
    std::optional<LatencyResult> against; ///< the first side; empty for itself
    QString fidelity; ///< "equal", "within_tolerance", "broken", "unchecked"
    QStringList blocked; ///< passes left out because they broke outputs
    QStringList guilty; ///< rules and sites that did
};

struct RequirementResult {
    QString text;
    bool met = false;
    std::optional<double> value; ///< in the unit of the figure: ms, bytes, items per second, share
    QString why; ///< in the engine's words, where it says more than the value
    QStringList operators; ///< it is about
};

/// What of a gain another runtime gets from the exported file.
struct TravelInfo {
    QString runtime, original, exported;
    int threads = 1;
    LatencyResult file; ///< exported against original
    std::optional<LatencyResult> plan; ///< the Kasuri plan against the exported file
};

/// What a comparison was measured on, as its process found it before it began.
struct MachineInfo {
    QString cpu, isa; ///< "AMD EPYC", "avx512f avx2 ..."
    int cores = 0; ///< usable
    std::optional<double> load;
    QDateTime when;
    QString build; ///< of the engine
};

struct ComparisonInfo {
    LatencyResult latency;
    QVector<PassEffectInfo> effects; ///< in run order; empty unless each pass was measured
    std::optional<qint64> rssBefore;
    std::optional<qint64> rssAfter;
    QString fidelity; ///< "equal", "within_tolerance", "broken", "unchecked"
    double maxAbs = 0;
    int outputsChecked = 0;
    QVector<double> beforeSamples; ///< ms, run order
    QVector<double> afterSamples;
    bool partial = false; ///< cancelled before all blocks were done
    bool bisected = false; ///< what breaks or slows was looked for
    QVector<SlowPart> slow; ///< found by bisecting
    int blocks = 0;
    QVector<SideInfo> sides; ///< the first is the baseline
    QVector<RequirementResult> requirements;
    QVector<TravelInfo> travels;
    QStringList warnings; ///< about the machine
    MachineInfo machine;
    std::optional<double> seconds; ///< that the blocks took
    QString command;
    QString json; ///< the whole object, for export
};

} // namespace kasuri::app
