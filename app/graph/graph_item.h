#pragma once

#include <QRectF>
#include <QString>
#include <QStringList>
#include <QVector>
#include <optional>

#include "app/session/workbench_data.h"

namespace kasuri::app {

/// What became of an item in the other version of the graph.
enum class Change { None, Same, Changed, Fused, Added, Removed };

/// One thing drawn: an operator line, a kernel card or the line of a folded group.
struct GraphItem {
    QString name; ///< identity: node or step name, or the path of a folded group
    QString title;
    QString detail; ///< second line of a card
    Family family = Family::Other;
    QVector<Family> threads; ///< one per source operator of a kernel
    QStringList operators; ///< graph node names it stands for
    bool isKernel = false;
    QString unsupported;
    QString scope; ///< "encoder/layer.3", see scope_tree.h
    QString type, output, attributes; ///< what searches look at
    qint64 bytes = 0; ///< of its outputs
    std::optional<double> heat; ///< value shown, see graph_heat.h; empty: unknown
    double heatShare = 0; ///< of the largest; signed where the heat diverges
    bool heatDiverges = false;
    bool heatEstimated = false; ///< the heat, where there is one, was not measured
    bool isView = false; ///< an operator that copies nothing in the version after
    QString heatText, heatUnit;
    std::optional<double> overlayMs; ///< of another program's profile
    Change change = Change::None;
    bool isGroup = false; ///< a folded group
    int members = 1; ///< items behind it
    int repeats = 0; ///< alike blocks a folded group stands for; 0: not a run
    int place = 0; ///< in the model: what pictures of both versions order parallel items by
    QRectF rect;
};

} // namespace kasuri::app
