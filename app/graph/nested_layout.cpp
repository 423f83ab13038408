#include "app/graph/nested_layout.h"

#include <QHash>
#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "app/graph/layered_layout.h"
#include "app/graph/layout_level.h"
#include "app/graph/stub_pills.h"

namespace kasuri::app {
namespace {

constexpr double kHeader = 30, kFramePad = 16, kFrameFoot = 14, kMargin = 40;
constexpr double kLineGap = 14, kCardGap = 26, kGroupGap = 26;
constexpr double kFoldedHeight = 32, kFoldedMinWidth = 224, kFoldedMaxWidth = 360;
constexpr double kLetter = 7.4, kPort = 2;

/// What a link passes: in which level, which way.
struct Leg {
    int level = 0; ///< frame + 1; 0 is the outermost
    int way = 0;
};

class NestedLayout {
public:
    NestedLayout(const GraphContent &content, FoldedGraph graph,
                 const std::function<bool()> &cancelled, const QVector<double> &rooms)
        : content_(content), graph_(std::move(graph)), cancelled_(cancelled), rooms_(rooms),
          levels_(graph_.frames.size() + 1), legs_(graph_.links.size()),
          pills_(graph_.nodes.size(), 0)
    {
    }

    LayoutPointer run()
    {
        addBoxes();
        for (LayoutLevel &level : levels_)
            findStubs(level);
        for (int l = 0; l < graph_.links.size(); ++l)
            cutOrDraw(l);
        for (int level = int(levels_.size()); level-- > 0;)
            if (!place(level))
                return nullptr;
        return collect();
    }

private:
    /// Boxes and ways in the order of the model, so that versions with the same items look alike
    /// whatever order they run in.
    void addBoxes()
    {
        constexpr int kNowhere = std::numeric_limits<int>::max();
        QVector<int> nodes(graph_.nodes.size(), kNowhere), frames(graph_.frames.size(), kNowhere);
        for (int i = 0; i < graph_.nodeOf.size(); ++i)
            if (const int n = graph_.nodeOf[i]; n >= 0)
                nodes[n] = std::min(nodes[n], content_.items[i].place);
        struct Box {
            int place, level;
            LevelBox::Kind kind;
            int number;
        };
        std::vector<Box> boxes;
        for (int n = 0; n < nodes.size(); ++n) {
            boxes.push_back({nodes[n], graph_.nodes[n].frame + 1, LevelBox::Kind::Node, n});
            for (int f = graph_.nodes[n].frame; f >= 0; f = graph_.frames[f].parent)
                frames[f] = std::min(frames[f], nodes[n]);
        }
        for (int f = 0; f < frames.size(); ++f)
            boxes.push_back({frames[f], graph_.frames[f].parent + 1, LevelBox::Kind::Frame, f});
        std::stable_sort(boxes.begin(), boxes.end(),
                         [](const Box &a, const Box &b) { return a.place < b.place; });
        for (const Box &box : boxes)
            boxFor(box.level, box.kind, box.number);
        std::vector<int> links(size_t(graph_.links.size()));
        std::iota(links.begin(), links.end(), 0);
        const auto ends = [&](int l) {
            return std::pair(nodes[graph_.links[l].from], nodes[graph_.links[l].to]);
        };
        std::stable_sort(links.begin(), links.end(),
                         [&](int a, int b) { return ends(a) < ends(b); });
        for (int link : links)
            thread(link);
    }

    int boxFor(int level, LevelBox::Kind kind, int number)
    {
        LayoutLevel &at = levels_[level];
        const auto found = at.boxOf.constFind(keyOf(kind, number));
        if (found != at.boxOf.constEnd())
            return *found;
        at.boxes.append({kind, number});
        at.boxOf.insert(keyOf(kind, number), int(at.boxes.size()) - 1);
        return int(at.boxes.size()) - 1;
    }

    int wayFor(int level, const LevelWay &way)
    {
        LayoutLevel &at = levels_[level];
        // One way for all links of a producer between the same boxes.
        const QPair<int, quint64> key{way.fromPort,
                                      quint64(quint32(way.from)) << 32 | quint32(way.to)};
        const auto found = at.wayOf.constFind(key);
        if (found != at.wayOf.constEnd())
            return *found;
        at.ways.append(way);
        at.wayOf.insert(key, int(at.ways.size()) - 1);
        return int(at.ways.size()) - 1;
    }

    /// The levels around a node, innermost first; the last is 0.
    QVector<int> levelsOf(int node) const
    {
        QVector<int> levels;
        for (int f = graph_.nodes[node].frame; f >= 0; f = graph_.frames[f].parent)
            levels.append(f + 1);
        levels.append(0);
        return levels;
    }

    /// Finds the way of a link through the frames between its ends.
    void thread(int number)
    {
        const int from = graph_.links[number].from, to = graph_.links[number].to;
        QVector<int> up = levelsOf(from), down = levelsOf(to);
        int shared = 0;
        while (up.size() > 1 && down.size() > 1 && up[up.size() - 2] == down[down.size() - 2]) {
            shared = up[up.size() - 2];
            up.removeLast();
            down.removeLast();
        }
        QVector<Leg> &legs = legs_[number];
        LevelWay across;
        int box = boxFor(up.first(), LevelBox::Kind::Node, from);
        for (int i = 0; i + 1 < up.size(); ++i) {
            const int port = boxFor(up[i], LevelBox::Kind::Exit, from);
            legs.append({up[i], wayFor(up[i], {box, port, i > 0 ? from : -1})});
            box = boxFor(up[i + 1], LevelBox::Kind::Frame, up[i] - 1);
            across.fromPort = from;
        }
        across.from = box;
        QVector<Leg> inward;
        box = boxFor(down.first(), LevelBox::Kind::Node, to);
        for (int i = 0; i + 1 < down.size(); ++i) {
            const int port = boxFor(down[i], LevelBox::Kind::Entry, from);
            inward.prepend({down[i], wayFor(down[i], {port, box, -1, i > 0 ? from : -1})});
            box = boxFor(down[i + 1], LevelBox::Kind::Frame, down[i] - 1);
            across.toPort = from;
        }
        across.to = box;
        legs.append({shared, wayFor(shared, across)});
        legs += inward;
    }

    /// Which of its ways are not drawn, whatever the sizes of its boxes.
    static void findStubs(LayoutLevel &level)
    {
        cutCycles(level);
        LayoutInput input;
        for (const LevelBox &box : level.boxes)
            input.boxes.push_back({0, 0, pinOf(box)});
        QVector<int> ways;
        for (int w = 0; w < level.ways.size(); ++w)
            if (!level.ways[w].isAgainst) {
                ways.append(w);
                input.edges.push_back({level.ways[w].from, level.ways[w].to});
            }
        const std::vector<bool> tooLong = longEdges(input);
        for (int e = 0; e < ways.size(); ++e)
            level.ways[ways[e]].isLong = tooLong[size_t(e)];
    }

    /// A link that is not drawn on one of its ways is drawn on none: its reader gets a pill.
    void cutOrDraw(int link)
    {
        const QVector<Leg> &legs = legs_[link];
        const auto way
            = [&](const Leg &leg) -> LevelWay & { return levels_[leg.level].ways[leg.way]; };
        if (std::any_of(legs.begin(), legs.end(),
                        [&](const Leg &leg) { return way(leg).isStub(); }))
            ++pills_[graph_.links[link].to];
        else
            for (const Leg &leg : legs)
                way(leg).isDrawn = true;
    }

    /// What the place of an item has across beyond it, half on each side.
    double spareOf(const LevelBox &box) const
    {
        const int item = box.kind == LevelBox::Kind::Node ? graph_.nodes[box.number].item : -1;
        return item < 0 || rooms_.isEmpty()
            ? 0
            : std::max(0.0, rooms_[item] - content_.items[item].rect.width());
    }

    QSizeF roomOf(const LevelBox &box) const
    {
        return pillRoom(box.kind == LevelBox::Kind::Node ? pills_[box.number] : 0);
    }

    static bool has(const LayoutLevel &level, LevelBox::Kind kind)
    {
        return std::any_of(level.boxes.begin(), level.boxes.end(),
                           [kind](const LevelBox &box) { return box.kind == kind; });
    }
    /// A rank of ports brings its own distance.
    static double headOf(const LayoutLevel &level)
    {
        return kHeader + (has(level, LevelBox::Kind::Entry) ? -4 : kFramePad);
    }
    static double footOf(const LayoutLevel &level)
    {
        return has(level, LevelBox::Kind::Exit) ? 0 : kFrameFoot;
    }

    QSizeF sizeOf(const LevelBox &box) const
    {
        if (box.kind == LevelBox::Kind::Frame) {
            const LayoutLevel &inside = levels_[box.number + 1];
            return inside.size + QSizeF(2 * kFramePad, headOf(inside) + footOf(inside));
        }
        if (box.kind != LevelBox::Kind::Node)
            return QSizeF(kPort, 0);
        const FoldedGraph::Node &node = graph_.nodes[box.number];
        if (node.item >= 0)
            return content_.items[node.item].rect.size();
        const QString &title = content_.scopes.groups[node.group].title;
        return QSizeF(std::clamp(title.size() * kLetter + 130, kFoldedMinWidth, kFoldedMaxWidth),
                      kFoldedHeight);
    }

    double gapOf(const LayoutLevel &level) const
    {
        double gap = kLineGap;
        for (const LevelBox &box : level.boxes) {
            if (box.kind == LevelBox::Kind::Frame)
                gap = std::max(gap, kGroupGap);
            if (box.kind == LevelBox::Kind::Node && graph_.nodes[box.number].item >= 0
                && content_.items[graph_.nodes[box.number].item].isKernel)
                gap = std::max(gap, kCardGap);
        }
        return gap;
    }

    /// Where a line meets a box, px from its middle: the port of a node in the border of a frame,
    /// or the middle of an item beside its pills.
    double portDx(const LevelBox &frame, LevelBox::Kind kind, int node) const
    {
        if (frame.kind != LevelBox::Kind::Frame)
            return roomOf(frame).width() / 2;
        const LayoutLevel &inside = levels_[frame.number + 1];
        const auto port = inside.boxOf.constFind(keyOf(kind, node));
        return port == inside.boxOf.constEnd()
            ? 0
            : inside.rects[*port].center().x() - inside.size.width() / 2;
    }

    static LayoutBox::Pin pinOf(const LevelBox &box)
    {
        using Pin = LayoutBox::Pin;
        return box.kind == LevelBox::Kind::Entry ? Pin::Top
            : box.kind == LevelBox::Kind::Exit   ? Pin::Bottom
                                                 : Pin::Free;
    }

    bool place(int number)
    {
        LayoutLevel &level = levels_[number];
        LayoutInput input;
        input.rankGap = gapOf(level);
        for (const LevelBox &box : level.boxes) {
            const QSizeF size = sizeOf(box), room = roomOf(box);
            input.boxes.push_back({size.width() + room.width() + spareOf(box),
                                   std::max(size.height(), room.height()), pinOf(box)});
        }
        QVector<int> ways;
        for (int w = 0; w < level.ways.size(); ++w) {
            const LevelWay &way = level.ways[w];
            if (way.isAgainst)
                continue;
            const LevelBox &from = level.boxes[way.from], &to = level.boxes[way.to];
            ways.append(w);
            input.edges.push_back({way.from, way.to,
                                   portDx(from, LevelBox::Kind::Exit, way.fromPort),
                                   portDx(to, LevelBox::Kind::Entry, way.toPort), !way.isDrawn});
        }
        const LayoutResult result = layoutLayered(input, cancelled_);
        if (!result.cancelled)
            take(result, ways, level);
        return !result.cancelled;
    }

    void take(const LayoutResult &result, const QVector<int> &ways, LayoutLevel &level) const
    {
        level.size = QSizeF(result.width, result.height);
        for (int b = 0; b < level.boxes.size(); ++b) {
            const QSizeF size = sizeOf(level.boxes[b]), room = roomOf(level.boxes[b]);
            const PointF &corner = result.positions[size_t(b)];
            const double above = std::max(0.0, room.height() - size.height()) / 2;
            const double left = room.width() + spareOf(level.boxes[b]) / 2;
            level.rects.append(QRectF(QPointF(corner.x + left, corner.y + above), size));
        }
        for (int e = 0; e < ways.size(); ++e) {
            LevelWay &way = level.ways[ways[e]];
            for (const PointF &p : result.routes[size_t(e)])
                way.route.append({p.x, p.y});
            if (way.route.isEmpty())
                continue;
            way.route.front().setY(level.rects[way.from].bottom());
            way.route.back().setY(level.rects[way.to].top());
        }
    }

    LayoutPointer collect()
    {
        auto out = std::make_shared<GraphLayout>();
        QVector<QPointF> origins(levels_.size());
        out->nodes.resize(graph_.nodes.size());
        out->frames.resize(graph_.frames.size());
        for (int number = 0; number < levels_.size(); ++number) {
            const LayoutLevel &level = levels_[number];
            for (int b = 0; b < level.boxes.size(); ++b) {
                const QRectF rect = level.rects[b].translated(origins[number]);
                if (level.boxes[b].kind == LevelBox::Kind::Node)
                    out->nodes[level.boxes[b].number] = rect;
                if (level.boxes[b].kind != LevelBox::Kind::Frame)
                    continue;
                out->frames[level.boxes[b].number] = rect;
                origins[level.boxes[b].number + 1] = rect.topLeft()
                    + QPointF(kFramePad, headOf(levels_[level.boxes[b].number + 1]));
            }
        }
        for (int l = 0; l < graph_.links.size(); ++l)
            out->routes.append(routeOf(l, origins));
        out->bounds = QRectF(QPointF(), levels_.first().size)
                          .adjusted(-kMargin, -kMargin, kMargin, kMargin);
        out->graph = std::move(graph_);
        return out;
    }

    QVector<QPointF> routeOf(int link, const QVector<QPointF> &origins) const
    {
        QVector<QPointF> route;
        for (const Leg &leg : legs_[link]) {
            const LevelWay &way = levels_[leg.level].ways[leg.way];
            if (way.isStub())
                return {};
            for (const QPointF &p : way.route)
                appendTo(route, p + origins[leg.level]);
        }
        straighten(route);
        return route;
    }

    const GraphContent &content_;
    FoldedGraph graph_;
    const std::function<bool()> &cancelled_;
    const QVector<double> &rooms_;
    QVector<LayoutLevel> levels_;
    QVector<QVector<Leg>> legs_;
    QVector<int> pills_; ///< per node
};

} // namespace

LayoutPointer layoutNested(const GraphContent &content, const FoldState &folds,
                           const std::function<bool()> &cancelled, const QVector<double> &rooms)
{
    return NestedLayout(content, fold(content, folds), cancelled, rooms).run();
}

} // namespace kasuri::app
