#pragma once

#include <QString>
#include <QVector>
#include <utility>

#include "app/session/hand_groups.h"

namespace kasuri::app {

struct GraphItem;

/// Items of one scope, as the exporter or the names tell it; or a run of blocks that look alike.
struct ScopeGroup {
    QString path; ///< identity: stays the same when the graph is described again
    QString title; ///< "encoder.layer.3"; of a run "encoder.layer.0–11"
    int parent = -1;
    QVector<int> groups; ///< inside it; of a run its blocks
    QVector<int> items; ///< directly inside it
    bool byHand = false; ///< the user drew it together
    bool isRun = false; ///< its groups have the same structure: showing one shows all
    int members = 0; ///< items at any depth
    QVector<int> alike; ///< of a block, its items in an order in which they match its neighbours'
};

/// The groups of a graph.
struct ScopeTree {
    QVector<ScopeGroup> groups; ///< parents before what they hold
    QVector<int> groupOf; ///< innermost group of each item; -1: none
};

/// Groups items by scope: "a/a.b/c" is the same as "a/b/c", groups of a single item and levels
/// that hold only one group are left out, neighbours of equal structure whose names differ only by
/// a number become a run. Where scopes say nothing, the longest repetition of operator types does.
/// `links` are pairs of items, producer first; items come in an order that respects them. An item
/// is in the group by hand that holds most of its operators; such a group stands in the innermost
/// scope that all it holds share.
ScopeTree buildScopes(const QVector<GraphItem> &items, const QVector<std::pair<int, int>> &links,
                      const QVector<HandGroup> &byHand = {});

} // namespace kasuri::app
