#pragma once

#include <QHash>
#include <QString>
#include <QStringList>
#include <QVector>
#include <memory>
#include <optional>
#include <vector>

namespace kasuri::app {

/// Operator families, in the order of the cat1..cat8 colours.
enum class Family { Contraction, Norm, Softmax, Elementwise, Layout, Movement, Control, Other };

Family familyOf(const QString &operatorType);
QString nameOf(Family family);

/// One node of the model as imported.
struct OperatorInfo {
    QString name;
    QString type;
    QString scope;
    QString output; ///< "float32[1,64,56,56]"
    QStringList inputs; ///< value names
    QStringList outputs;
    QString attributes; ///< for search and the selection panel
    qint64 bytes = 0; ///< of its outputs
    QStringList sources; ///< names of the imported operators it came from: what views link by
    QString unsupported; ///< why it cannot run; empty: it can
};

/// One step of a plan.
struct StepInfo {
    QString name;
    QString title; ///< "Conv + bias + Relu"
    QStringList nodes; ///< nodes of the rewritten graph performed
    QStringList sources; ///< imported operators performed: what views link by
    QVector<int> inputs; ///< buffer numbers
    QVector<int> outputs;
    qint64 bytesRead = 0;
    qint64 bytesWritten = 0;
    qint64 flops = 0;
    QString backend;
    QString reason; ///< why not a faster way
    std::optional<double> medianMs;
    std::vector<StepInfo> inside; ///< steps of its bodies at any depth: "loop / body / step"
};

struct BufferInfo {
    QString name;
    QString kind; ///< "arena", "constant", "input", "output", "alias", "dynamic"
    qint64 bytes = 0;
    qint64 offset = 0;
    int aliasOf = -1; ///< buffer whose bytes it shares; -1: its own
    int firstStep = -1;
    int lastStep = -1;
};

struct MemoryInfo {
    qint64 weightsBytes = 0;
    qint64 packedBytes = 0;
    qint64 arenaBytes = 0;
    qint64 lowerBoundBytes = 0;
    qint64 noReuseBytes = 0;
    qint64 workspaceBytes = 0;
    std::optional<qint64> peakRssBytes;
    QVector<qint64> liveBytes; ///< per step
};

/// A planned (and perhaps measured) version of the model.
struct PlanInfo {
    QString recipe;
    QString hash;
    QVector<StepInfo> steps;
    QVector<BufferInfo> buffers;
    MemoryInfo memory;
};

struct SiteInfo {
    QString site; ///< identity, as the recipe names it
    bool applied = false;
    QString reason; ///< why not, when declined
    QStringList nodes;
};

struct RuleInfo {
    QString name;
    QString law;
    QString fidelity; ///< "exact", "reassociates", "approximate"
    QVector<SiteInfo> sites;
};

/// What one pass does to the latency; ms with it less ms without it.
struct EffectResult {
    double ms = 0;
    double lowMs = 0;
    double highMs = 0;
    QString verdict; ///< of LatencyResult, or "broken"
};

struct PassEffectInfo {
    QString pass;
    std::optional<EffectResult> cumulative; ///< after the passes before it
    std::optional<EffectResult> alone;
    std::optional<EffectResult> leftOut; ///< in the whole recipe
};

struct PassInfo {
    QString name;
    QString law;
    QString fidelity;
    bool alwaysOn = false;
    bool onByDefault = true;
    QVector<RuleInfo> rules;
    std::optional<PassEffectInfo> effect; ///< measured with the recipe shown
};

/// A dynamic dimension of the model and the size it is planned for.
struct DimInfo {
    QString name;
    qint64 value = 1;
    bool given = false; ///< by the user; else the default
};

struct ModelInfo {
    QString path;
    QString name;
    int opset = 0;
    QVector<OperatorInfo> operators;
    QStringList inputs;
    QStringList outputs;
    QVector<PassInfo> passes;
};

/// One value before and after with an interval of the ratio after / before.
struct LatencyResult {
    double beforeMs = 0;
    double afterMs = 0;
    double ratioLow = 0;
    double ratioHigh = 0;
    QString verdict; ///< "faster", "slower", "same", "undecided"
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
    QString command;
    QString json; ///< the whole object, for export
};

} // namespace kasuri::app
