#pragma once

#include <QHash>
#include <QJsonObject>
#include <QSet>
#include <QString>

#include "app/graph/graph_content.h"

namespace kasuri::app {

/// Which groups of a graph are folded, and which block of each run is shown; by path.
struct FoldState {
    QSet<QString> folded;
    QSet<QString> spread; ///< runs that show all their blocks
    QHash<QString, int> block; ///< of a run, the block shown; absent: the first

    bool operator==(const FoldState &) const = default;
};

QJsonObject toJson(const FoldState &folds);
FoldState foldsFromJson(const QJsonObject &object);

/// Small graphs are open; of large ones as much as fits a readable picture, outer groups first.
FoldState defaultFolds(const GraphContent &content);
/// Everything open, every block shown.
FoldState nothingFolded(const GraphContent &content);
/// `folds` changed so that the item is shown.
FoldState withItemShown(const GraphContent &content, FoldState folds, int item);

/// What is left to draw of a content when some of its groups are folded.
struct FoldedGraph {
    /// An item, or a folded group.
    struct Node {
        int item = -1;
        int group = -1;
        int frame = -1; ///< it stands in
    };
    struct Frame {
        int group = -1;
        int block = -1; ///< of a run, the number of the block shown
        int parent = -1;
    };
    struct Link {
        int from = 0;
        int to = 0;
        int link = 0; ///< one of those it stands for
    };
    QVector<Node> nodes; ///< in the order of the content
    QVector<Frame> frames; ///< parents first
    QVector<Link> links;
    QVector<int> nodeOf; ///< of each item of the content; -1: in a block that is not shown
};

FoldedGraph fold(const GraphContent &content, const FoldState &folds);

} // namespace kasuri::app
