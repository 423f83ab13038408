#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace kasuri::app {

/// A box to place; sizes in px at scale 1.
struct LayoutBox {
    enum class Pin { Free, Top, Bottom }; ///< bound to the first or the last rank
    double width = 0;
    double height = 0;
    Pin pin = Pin::Free;
};

struct LayoutEdge {
    int from = 0;
    int to = 0;
    double fromDx = 0; ///< where it leaves, px from the middle of the box
    double toDx = 0;
    bool isCut = false; ///< Keeps its ends in order, but is not drawn and bends nothing.
};

struct LayoutInput {
    std::vector<LayoutBox> boxes;
    std::vector<LayoutEdge> edges; ///< Acyclic.
    int crowd = 8; ///< Readers of one box from which on its edges are cut after `crowdRanks`.
    int crowdRanks = 3;
    double rankGap = 26; ///< Free px between ranks.
    double columnGap = 22;
    int longEdgeRanks = 30; ///< Longer edges are better cut into stubs.
};

struct PointF {
    double x = 0;
    double y = 0;
};

/// Where each box's top-left corner lies, and the way of each edge: the points an orthogonal line
/// passes (empty for a cut one).
struct LayoutResult {
    std::vector<PointF> positions;
    std::vector<std::vector<PointF>> routes;
    std::vector<int> ranks; ///< per box
    double width = 0;
    double height = 0;
    bool cancelled = false;
};

/// Per edge whether it is too long to be drawn. Sizes of boxes do not matter.
std::vector<bool> longEdges(const LayoutInput &input);

/// Layered layout (Sugiyama, Tagawa, Toda 1981): longest-path ranks, dummy boxes along edges of
/// more than one rank, barycentre sweeps, then columns by median alignment. No recursion; linear in
/// boxes and edges but for sorting. `cancelled` is polled between sweeps.
LayoutResult layoutLayered(const LayoutInput &input, const std::function<bool()> &cancelled = {});

} // namespace kasuri::app
