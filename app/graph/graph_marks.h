#pragma once

#include <QSet>
#include <QString>

#include "app/graph/graph_hull.h"

namespace kasuri::app {

/// What is marked in the picture besides the items themselves; by number of the item.
struct GraphMarks {
    int selected = -1;
    int hovered = -1;
    int hoveredStub = -1; ///< the edge of the pill under the mouse
    int focusedStub = -1; ///< that of the pill that arrow keys led to, of the item selected
    QSet<int> linked; ///< Shown by the selection of another view.
    QSet<int> hits; ///< Search results; when not empty, all others are faded.
    bool searching = false; ///< Fade what is no hit even where there is none.
    QSet<int> path; ///< Items between two that were asked for.
    HullShape hull; ///< around the sources of a kernel selected in the other version
    QString hullTitle, hullNote;
    bool changes = false; ///< Show what became of each item in the other version.
    bool keyboard = false; ///< The selection was made with keys: show their focus.
};

} // namespace kasuri::app
