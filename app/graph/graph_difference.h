#pragma once

#include <QVector>

#include "app/graph/graph_item.h"

namespace kasuri::app {

/// How many items of a graph have which counterpart in the other.
struct ChangeCounts {
    int fused = 0, removed = 0, added = 0, changed = 0, same = 0;
};

/// Says of every item of both graphs what became of it, by the imported operators it stands for:
/// one card for several lines is fused, a line without a card was removed, a card without a line
/// was added, one for one is the same or, under another type, changed. Counts are those of
/// `before` plus what was added.
ChangeCounts markChanges(QVector<GraphItem> &before, QVector<GraphItem> &after);

} // namespace kasuri::app
