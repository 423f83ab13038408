#pragma once

#include <QHash>
#include <QString>
#include <QStringList>
#include <QVector>
#include <memory>
#include <optional>
#include <vector>

#include "app/session/comparison_data.h"

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
    qint64 workspaceBytes = 0, workspaceOffset = 0; ///< in the arena, while it runs
    bool movesOnly = false; ///< a transpose, copy, concat, ...: no arithmetic
    QString backend;
    QString reason; ///< why not a faster way
    std::optional<double> medianMs;
    std::optional<double> p90Ms; ///< empty: too few runs, see ProfileTotals::runs
    double calls = 1; ///< per run of the model; more inside a loop
    QVector<double> timesMs; ///< of each profiled run
    std::optional<double> startMs; ///< since the run began, in the typical run
    int thread = 0;
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

/// Steps that only move data.
struct MovementInfo {
    int steps = 0;
    qint64 bytes = 0; ///< read and written
};

/// The run that the times of the steps come from.
struct ProfileTotals {
    double totalMs = 0; ///< instrumented
    double plainMs = 0;
    double overhead = 0; ///< total / plain - 1
    int runs = 0;
};

/// A planned (and perhaps measured) version of the model.
struct PlanInfo {
    QString recipe;
    QString hash;
    QVector<StepInfo> steps;
    QVector<BufferInfo> buffers;
    MemoryInfo memory;
    MovementInfo movement;
    std::optional<ProfileTotals> profile;
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

struct PassInfo {
    QString name;
    QString law;
    QString fidelity;
    bool alwaysOn = false;
    bool onByDefault = true;
    QVector<RuleInfo> rules;
    std::optional<PassEffectInfo> effect; ///< measured with the recipe shown
    std::optional<double> estimateMs; ///< by advice, before any run
};

/// A dynamic dimension of the model and the size it is planned for.
struct DimInfo {
    QString name;
    qint64 value = 1;
    bool given = false; ///< by the user; else the default
};

/// An input of the model.
struct InputInfo {
    QString name;
    QString type; ///< "int64[1,128]"

    bool operator==(const InputInfo &) const = default;
};

struct ModelInfo {
    QString path;
    QString name;
    QString hash; ///< of the file's contents
    int opset = 0;
    QVector<OperatorInfo> operators;
    QStringList inputs;
    QStringList outputs;
    QVector<PassInfo> passes;
};

} // namespace kasuri::app
