#pragma once

#include <QStringList>

namespace kasuri::app {

/// Where a canvas looks, in terms another version of the graph understands.
struct GraphAnchor {
    QStringList operators; ///< of the item nearest to the middle of the view
    double x = 0, y = 0; ///< where its middle stands, px from the left and from the top
    double top = 0; ///< where the scene begins, px from the top
    double scale = 1;

    bool operator==(const GraphAnchor &) const = default;
};

/// How a canvas looks at what an anchor tells.
enum class Follow {
    Counterpart, ///< the same items in the middle
    SameHeights, ///< both pictures stand on one scale of heights
    Exactly ///< the anchor was taken from this canvas; counts as the user's move
};

} // namespace kasuri::app
