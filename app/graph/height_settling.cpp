#include "app/graph/height_settling.h"

#include <QSet>
#include <algorithm>
#include <cmath>
#include <memory>

#include "app/graph/source_heights.h"
#include "app/graph/stub_pills.h"

namespace kasuri::app {
namespace {

constexpr double kLeast = 4; ///< px that are worth a move
constexpr double kClear = 14, kBend = 12; ///< px kept to what is near, to where a line bends
constexpr double kHeader = 34, kSide = 8, kReach = 600;

/// How far an item can go up (negative) and down.
struct Room {
    double up = -kReach, down = kReach;

    void below(double y, double top) { up = std::max(up, std::min(0.0, y - top)); }
    void above(double y, double bottom) { down = std::min(down, std::max(0.0, y - bottom)); }
    /// Keeps clear of a box that the item does not touch.
    void clear(const QRectF &of, const QRectF &item, double apart)
    {
        if (of.bottom() <= item.top())
            below(of.bottom() + apart, item.top());
        else if (of.top() >= item.bottom())
            above(of.top() - apart, item.bottom());
    }
};

class Settling {
public:
    Settling(const GraphGeometry &before, const GraphGeometry &after)
        : heights_(before), was_(after), out_(std::make_shared<GraphGeometry>(after))
    {
    }

    GeometryPointer run()
    {
        for (int i = 0; i < out_->items.size(); ++i) {
            const QRectF &rect = out_->items[i].rect;
            const std::optional<double> wanted = heights_.of(out_->items[i]);
            const double way = wanted ? *wanted - rect.center().y() : 0;
            if (std::abs(way) < kLeast)
                continue;
            const QRectF box = withPills(*out_, i);
            const Room room = roomOf(i, box | box.translated(0, std::clamp(way, -kReach, kReach)));
            move(i, std::clamp(way, room.up, room.down));
        }
        out_->itemBands = BandIndex();
        out_->edgeBands = BandIndex();
        for (const GraphItem &item : out_->items)
            out_->itemBands.add(item.rect);
        for (const GraphEdge &edge : out_->edges)
            out_->edgeBands.add(reachOf(*out_, edge));
        return out_;
    }

private:
    Room roomOf(int item, const QRectF &swept) const
    {
        const QRectF rect = withPills(*out_, item);
        Room room;
        room.below(out_->bounds.top() + kClear, rect.top());
        room.above(out_->bounds.bottom() - kClear, rect.bottom());
        ownLines(item, room);
        frames(item, swept, room);
        const QRectF near = swept.adjusted(-kSide, -kReach, kSide, kReach);
        was_.itemBands.forEach(near, [&](int other) {
            const QRectF &box = out_->items[other].rect;
            if (other != item && meets(box, swept))
                room.clear(box, rect, 2 * kClear);
        });
        was_.edgeBands.forEach(near, [&](int edge) {
            const GraphEdge &line = out_->edges[edge];
            if (line.isStub && line.to != item && meets(line.pill, swept))
                room.clear(line.pill, rect, kClear);
            if (line.from == item || line.to == item)
                return;
            for (qsizetype p = 1; p < line.route.size(); ++p) {
                const QRectF leg = QRectF(line.route[p - 1], line.route[p]).normalized();
                if (meets(leg, swept))
                    room.clear(leg, rect, kClear);
            }
        });
        return room;
    }

    static bool meets(const QRectF &box, const QRectF &swept)
    {
        return box.left() <= swept.right() + kSide && box.right() >= swept.left() - kSide
            && box.top() <= swept.bottom() + 2 * kClear && box.bottom() >= swept.top() - 2 * kClear;
    }

    void ownLines(int item, Room &room) const
    {
        const QRectF &rect = out_->items[item].rect;
        for (int edge : out_->incoming[item])
            if (const auto &route = out_->edges[edge].route; !route.isEmpty())
                room.below(route[route.size() - 2].y() + kBend, rect.top());
        for (int edge : out_->outgoing[item])
            if (const auto &route = out_->edges[edge].route; !route.isEmpty())
                room.above(route[1].y() - kBend, rect.bottom());
    }

    void frames(int item, const QRectF &swept, Room &room) const
    {
        const QRectF rect = withPills(*out_, item);
        QSet<int> around;
        for (int f = out_->frameOf[item]; f >= 0; f = out_->frames[f].parent) {
            around.insert(f);
            room.below(out_->frames[f].rect.top() + kHeader, rect.top());
            room.above(out_->frames[f].rect.bottom() - kClear, rect.bottom());
        }
        for (int f = 0; f < out_->frames.size(); ++f)
            if (!around.contains(f) && meets(out_->frames[f].rect, swept))
                room.clear(out_->frames[f].rect, rect, kClear);
    }

    void move(int item, double way)
    {
        QRectF &rect = out_->items[item].rect;
        rect.translate(0, way);
        for (int edge : out_->incoming[item])
            if (auto &route = out_->edges[edge].route; !route.isEmpty())
                route.back().setY(rect.top());
            else
                out_->edges[edge].pill.translate(0, way);
        for (int edge : out_->outgoing[item])
            if (auto &route = out_->edges[edge].route; !route.isEmpty())
                route.front().setY(rect.bottom());
    }

    SourceHeights heights_;
    const GraphGeometry &was_; ///< knows what is near
    std::shared_ptr<GraphGeometry> out_;
};

} // namespace

GeometryPointer settleHeights(const GraphGeometry &before, const GraphGeometry &after)
{
    return Settling(before, after).run();
}

} // namespace kasuri::app
