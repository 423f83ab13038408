#include "app/graph/layered_layout.h"

#include <algorithm>
#include <numeric>

namespace kasuri::app {
namespace {

constexpr int kSweeps = 6;
constexpr int kAlignments = 6;

/// A vertex of the layered graph: a box, or a bend of a long edge.
struct Vertex {
    int box = -1;
    int rank = 0;
    double width = 0;
    double x = 0; // centre
    int place = 0; // in its rank
    std::vector<int> up, down;
    std::vector<double> upDx, downDx; // where neighbours want it, from their middle
};

class LayeredLayout {
public:
    explicit LayeredLayout(const LayoutInput &input) : input_(input) { }

    LayoutResult run(const std::function<bool()> &cancelled)
    {
        assignRanks();
        addVertices();
        for (int sweep = 0; sweep < kSweeps; ++sweep) {
            if (cancelled && cancelled())
                return abandoned();
            orderByBarycentre(sweep % 2 == 0);
        }
        placeInRows();
        for (int round = 0; round < kAlignments; ++round) {
            if (cancelled && cancelled())
                return abandoned();
            alignToNeighbours(round % 2 == 0);
        }
        return collect();
    }

    std::vector<bool> longEdges()
    {
        assignRanks();
        std::vector<int> readers(input_.boxes.size(), 0);
        for (const LayoutEdge &e : input_.edges)
            ++readers[size_t(e.from)];
        std::vector<bool> tooLong;
        tooLong.reserve(input_.edges.size());
        for (const LayoutEdge &e : input_.edges)
            tooLong.push_back(ranks_[size_t(e.to)] - ranks_[size_t(e.from)]
                              > (readers[size_t(e.from)] > input_.crowd ? input_.crowdRanks
                                                                        : input_.longEdgeRanks));
        return tooLong;
    }

private:
    static LayoutResult abandoned()
    {
        LayoutResult result;
        result.cancelled = true;
        return result;
    }

    void assignRanks()
    {
        const int count = int(input_.boxes.size());
        std::vector<std::vector<int>> next(count);
        std::vector<int> waiting(count, 0);
        for (const LayoutEdge &e : input_.edges) {
            next[e.from].push_back(e.to);
            ++waiting[e.to];
        }
        ranks_.assign(count, 0);
        std::vector<int> order;
        order.reserve(count);
        for (int b = 0; b < count; ++b)
            if (waiting[b] == 0)
                order.push_back(b);
        for (size_t i = 0; i < order.size(); ++i) {
            for (int to : next[order[i]]) {
                ranks_[to] = std::max(ranks_[to], ranks_[order[i]] + 1);
                if (--waiting[to] == 0)
                    order.push_back(to);
            }
        }
        pullSourcesDown(next, order);
        const int last = count == 0 ? 0 : *std::max_element(ranks_.begin(), ranks_.end());
        for (int b = 0; b < count; ++b)
            if (input_.boxes[size_t(b)].pin == LayoutBox::Pin::Bottom)
                ranks_[size_t(b)] = last;
    }

    /// A source moves next to its first reader instead of floating at the top.
    void pullSourcesDown(const std::vector<std::vector<int>> &next, const std::vector<int> &order)
    {
        std::vector<bool> hasInput(ranks_.size(), false);
        for (const LayoutEdge &e : input_.edges)
            hasInput[e.to] = true;
        for (auto it = order.rbegin(); it != order.rend(); ++it) {
            if (hasInput[*it] || next[*it].empty()
                || input_.boxes[size_t(*it)].pin == LayoutBox::Pin::Top)
                continue;
            int nearest = ranks_[next[*it].front()];
            for (int to : next[*it])
                nearest = std::min(nearest, ranks_[to]);
            ranks_[*it] = std::max(0, nearest - 1);
        }
    }

    void addVertices()
    {
        for (size_t b = 0; b < input_.boxes.size(); ++b)
            vertices_.push_back({int(b), ranks_[b], input_.boxes[b].width, 0, 0, {}, {}, {}, {}});
        chains_.resize(input_.edges.size());
        for (size_t e = 0; e < input_.edges.size(); ++e)
            addChain(int(e));
        const int top = ranks_.empty() ? 0 : *std::max_element(ranks_.begin(), ranks_.end());
        rows_.resize(size_t(top) + 1);
        for (size_t v = 0; v < vertices_.size(); ++v) {
            auto &row = rows_[size_t(vertices_[v].rank)];
            vertices_[v].place = int(row.size());
            row.push_back(int(v));
        }
    }

    void addChain(int e)
    {
        const LayoutEdge &edge = input_.edges[size_t(e)];
        if (edge.isCut)
            return;
        const int from = ranks_[size_t(edge.from)];
        const int to = ranks_[size_t(edge.to)];
        int previous = edge.from;
        chains_[size_t(e)].push_back(previous);
        for (int rank = from + 1; rank <= to; ++rank) {
            int here = edge.to;
            if (rank < to) {
                here = int(vertices_.size());
                vertices_.push_back({-1, rank, 2, 0, 0, {}, {}, {}, {}});
            }
            const double dx = (rank == from + 1 ? edge.fromDx : 0) - (rank == to ? edge.toDx : 0);
            vertices_[size_t(previous)].down.push_back(here);
            vertices_[size_t(previous)].downDx.push_back(-dx);
            vertices_[size_t(here)].up.push_back(previous);
            vertices_[size_t(here)].upDx.push_back(dx);
            chains_[size_t(e)].push_back(here);
            previous = here;
        }
    }

    void orderByBarycentre(bool downwards)
    {
        const int rows = int(rows_.size());
        for (int i = 1; i < rows; ++i) {
            auto &row = rows_[size_t(downwards ? i : rows - 1 - i)];
            std::vector<std::pair<double, int>> keyed;
            keyed.reserve(row.size());
            for (int v : row)
                keyed.emplace_back(barycentre(vertices_[size_t(v)], downwards), v);
            std::stable_sort(keyed.begin(), keyed.end(),
                             [](const auto &a, const auto &b) { return a.first < b.first; });
            for (size_t k = 0; k < row.size(); ++k) {
                row[k] = keyed[k].second;
                vertices_[size_t(row[k])].place = int(k);
            }
        }
    }

    double barycentre(const Vertex &v, bool downwards) const
    {
        const auto &others = downwards ? v.up : v.down;
        if (others.empty())
            return v.place;
        double sum = 0;
        for (int o : others)
            sum += vertices_[size_t(o)].place;
        return sum / double(others.size());
    }

    double distance(int left, int right) const
    {
        const double gap = vertices_[size_t(left)].box < 0 && vertices_[size_t(right)].box < 0
            ? input_.columnGap / 2
            : input_.columnGap;
        return (vertices_[size_t(left)].width + vertices_[size_t(right)].width) / 2 + gap;
    }

    void placeInRows()
    {
        for (const auto &row : rows_) {
            double total = 0;
            for (size_t k = 0; k < row.size(); ++k) {
                if (k > 0)
                    total += distance(row[k - 1], row[k]);
                vertices_[size_t(row[k])].x = total;
            }
            for (int v : row)
                vertices_[size_t(v)].x -= total / 2;
        }
    }

    double wanted(const Vertex &v, bool downwards) const
    {
        const auto &others = downwards ? v.up : v.down;
        if (others.empty())
            return v.x;
        const auto &shifts = downwards ? v.upDx : v.downDx;
        std::vector<double> xs;
        xs.reserve(others.size());
        for (size_t o = 0; o < others.size(); ++o)
            xs.push_back(vertices_[size_t(others[o])].x + shifts[o]);
        std::sort(xs.begin(), xs.end());
        const size_t n = xs.size();
        return n % 2 ? xs[n / 2] : (xs[n / 2 - 1] + xs[n / 2]) / 2;
    }

    /// Moves each row as near to its neighbours' medians as order and gaps allow: the mean of the
    /// left-most and right-most packings keeps rows balanced.
    void alignToNeighbours(bool downwards)
    {
        const int rows = int(rows_.size());
        for (int i = 0; i < rows; ++i) {
            const auto &row = rows_[size_t(downwards ? i : rows - 1 - i)];
            if (row.empty())
                continue;
            std::vector<double> wish(row.size()), left(row.size()), right(row.size());
            for (size_t k = 0; k < row.size(); ++k)
                wish[k] = wanted(vertices_[size_t(row[k])], downwards);
            left = wish;
            right = wish;
            for (size_t k = 1; k < row.size(); ++k)
                left[k] = std::max(left[k], left[k - 1] + distance(row[k - 1], row[k]));
            for (size_t k = row.size() - 1; k-- > 0;)
                right[k] = std::min(right[k], right[k + 1] - distance(row[k], row[k + 1]));
            for (size_t k = 0; k < row.size(); ++k)
                vertices_[size_t(row[k])].x = (left[k] + right[k]) / 2;
        }
    }

    LayoutResult collect() const
    {
        std::vector<double> tops(rows_.size(), 0), heights(rows_.size(), 0);
        for (const Vertex &v : vertices_)
            if (v.box >= 0)
                heights[size_t(v.rank)]
                    = std::max(heights[size_t(v.rank)], input_.boxes[size_t(v.box)].height);
        for (size_t r = 1; r < rows_.size(); ++r)
            tops[r] = tops[r - 1] + heights[r - 1] + input_.rankGap;
        double low = vertices_.empty() ? 0 : vertices_.front().x, high = low;
        for (const Vertex &v : vertices_) {
            low = std::min(low, v.x - v.width / 2);
            high = std::max(high, v.x + v.width / 2);
        }
        LayoutResult result;
        result.ranks = ranks_;
        result.positions.resize(input_.boxes.size());
        for (const Vertex &v : vertices_)
            if (v.box >= 0)
                result.positions[size_t(v.box)] = {v.x - v.width / 2 - low, tops[size_t(v.rank)]};
        addRoutes(result, tops, heights, low);
        result.width = high - low;
        result.height = rows_.empty() ? 0 : tops.back() + heights.back();
        return result;
    }

    void addRoutes(LayoutResult &result, const std::vector<double> &tops,
                   const std::vector<double> &heights, double low) const
    {
        result.routes.resize(input_.edges.size());
        for (size_t e = 0; e < input_.edges.size(); ++e) {
            const auto &chain = chains_[e];
            auto &route = result.routes[e];
            for (size_t k = 0; k + 1 < chain.size(); ++k) {
                const Vertex &a = vertices_[size_t(chain[k])];
                const Vertex &b = vertices_[size_t(chain[k + 1])];
                const double from = a.x - low + (k == 0 ? input_.edges[e].fromDx : 0);
                const double to = b.x - low + (k + 2 == chain.size() ? input_.edges[e].toDx : 0);
                const double boxBottom = tops[size_t(a.rank)]
                    + (a.box >= 0 ? input_.boxes[size_t(a.box)].height : heights[size_t(a.rank)]);
                const double middle = tops[size_t(b.rank)] - input_.rankGap / 2;
                route.push_back({from, boxBottom});
                if (from != to) {
                    route.push_back({from, middle});
                    route.push_back({to, middle});
                }
                route.push_back({to, tops[size_t(b.rank)]});
            }
        }
    }

    const LayoutInput &input_;
    std::vector<int> ranks_;
    std::vector<Vertex> vertices_;
    std::vector<std::vector<int>> rows_, chains_;
};

} // namespace

std::vector<bool> longEdges(const LayoutInput &input)
{
    return LayeredLayout(input).longEdges();
}

LayoutResult layoutLayered(const LayoutInput &input, const std::function<bool()> &cancelled)
{
    return LayeredLayout(input).run(cancelled);
}

} // namespace kasuri::app
