#include "app/graph/height_alignment.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "app/graph/height_settling.h"
#include "app/graph/source_heights.h"
#include "app/graph/stub_pills.h"

namespace kasuri::app {
namespace {

constexpr double kLeastStep = 18; ///< px between two heights: half the pitch of operators

/// A height of each picture that is to become the same.
struct Pair {
    double before = 0, after = 0;
};

/// One pair per rank of `after`, from top to bottom.
std::vector<Pair> pairsOf(const GraphGeometry &before, const GraphGeometry &after)
{
    const SourceHeights heights(before);
    struct Sum {
        double after = 0, before = 0;
        int count = 0;
    };
    std::map<qint64, Sum> ranks;
    for (const GraphItem &item : after.items) {
        const std::optional<double> height = heights.of(item);
        if (!height)
            continue;
        Sum &sum = ranks[qRound64(item.rect.center().y())];
        sum.after += item.rect.center().y();
        sum.before += *height;
        ++sum.count;
    }
    std::vector<Pair> pairs;
    for (const auto &[key, sum] : ranks)
        pairs.push_back({sum.before / sum.count, sum.after / sum.count});
    return pairs;
}

/// As many pairs as run downwards on both sides (longest increasing subsequence).
std::vector<Pair> inOrder(const std::vector<Pair> &pairs)
{
    std::vector<int> ends, previous(pairs.size(), -1);
    for (int i = 0; i < int(pairs.size()); ++i) {
        const auto place = std::partition_point(ends.begin(), ends.end(), [&](int end) {
            return pairs[size_t(end)].before + kLeastStep <= pairs[size_t(i)].before;
        });
        if (place != ends.begin())
            previous[size_t(i)] = *std::prev(place);
        if (place == ends.end())
            ends.push_back(i);
        else
            *place = i;
    }
    std::vector<Pair> chosen;
    for (int i = ends.empty() ? -1 : ends.back(); i >= 0; i = previous[size_t(i)])
        chosen.push_back(pairs[size_t(i)]);
    std::reverse(chosen.begin(), chosen.end());
    return chosen;
}

/// Heights before and after stretching; between two given ones in proportion.
class Stretch {
public:
    void add(double from, double to)
    {
        from_.push_back(from);
        to_.push_back(to);
    }
    double operator()(double y) const
    {
        if (from_.empty())
            return y;
        const auto next = size_t(std::upper_bound(from_.begin(), from_.end(), y) - from_.begin());
        if (next == 0 || next == from_.size()) {
            const size_t end = next == 0 ? 0 : next - 1;
            return y + to_[end] - from_[end];
        }
        const double share = (y - from_[next - 1]) / (from_[next] - from_[next - 1]);
        return to_[next - 1] + share * (to_[next] - to_[next - 1]);
    }

private:
    std::vector<double> from_, to_;
};

std::pair<Stretch, Stretch> stretchesOf(const std::vector<Pair> &pairs)
{
    std::pair<Stretch, Stretch> both;
    double height = 0;
    for (size_t i = 0; i < pairs.size(); ++i) {
        const Pair last = pairs[i > 0 ? i - 1 : 0], &here = pairs[i];
        height = i == 0 ? std::max(here.before, here.after)
                        : height + std::max(here.before - last.before, here.after - last.after);
        both.first.add(here.before, height);
        both.second.add(here.after, height);
    }
    return both;
}

void stretchEdges(const Stretch &at, GraphGeometry &to)
{
    placePills(to);
    for (GraphEdge &edge : to.edges) {
        for (QPointF &point : edge.route)
            point.setY(at(point.y()));
        if (!edge.route.isEmpty()) {
            edge.route.front().setY(to.items[edge.from].rect.bottom());
            edge.route.back().setY(to.items[edge.to].rect.top());
        }
        to.edgeBands.add(reachOf(to, edge));
    }
}

GeometryPointer stretched(const GraphGeometry &graph, const Stretch &at)
{
    auto out = std::make_shared<GraphGeometry>(graph);
    out->itemBands = BandIndex();
    out->edgeBands = BandIndex();
    for (GraphItem &item : out->items) {
        item.rect.translate(0, at(item.rect.center().y()) - item.rect.center().y());
        out->itemBands.add(item.rect);
    }
    for (GraphFrame &frame : out->frames) {
        const double top = at(frame.rect.top());
        frame.rect.setBottom(at(frame.rect.bottom()));
        frame.rect.setTop(top);
    }
    stretchEdges(at, *out);
    const double top = at(graph.bounds.top());
    out->bounds.setBottom(at(graph.bounds.bottom()));
    out->bounds.setTop(top);
    return out;
}

} // namespace

AlignedPictures alignHeights(const GraphGeometry &before, const GraphGeometry &after)
{
    const auto [up, down] = stretchesOf(inOrder(pairsOf(before, after)));
    AlignedPictures both{stretched(before, up), stretched(after, down)};
    both.after = settleHeights(*both.before, *both.after);
    return both;
}

} // namespace kasuri::app
