#include "app/graph/fold_state.h"

#include <QJsonArray>
#include <QPair>
#include <algorithm>

#include "app/session/json_access.h"

namespace kasuri::app {
namespace {

constexpr int kReadable = 160; ///< items of a picture one can take in
constexpr int kSmall = 60; ///< up to here runs are not worth an abbreviation

/// What one group adds to the picture when it is open and everything in it is folded.
int opened(const ScopeTree &tree, int group)
{
    const ScopeGroup &g = tree.groups[group];
    return g.isRun ? opened(tree, g.groups.first()) : int(g.items.size() + g.groups.size());
}

/// Groups one can fold, outer ones first: blocks of runs come with their run.
QVector<int> outerFirst(const ScopeTree &tree)
{
    QVector<int> depth(tree.groups.size(), 0), order;
    for (int g = 0; g < tree.groups.size(); ++g) {
        const int parent = tree.groups[g].parent;
        depth[g] = parent < 0 ? 0 : depth[parent] + 1;
        order.append(g);
    }
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return depth[a] < depth[b]; });
    return order;
}

class Folder {
public:
    Folder(const GraphContent &content, const FoldState &folds) : content_(content), folds_(folds)
    {
    }

    FoldedGraph run()
    {
        const ScopeTree &tree = content_.scopes;
        place_.fill(Place{}, tree.groups.size());
        for (int g = 0; g < tree.groups.size(); ++g)
            placeGroup(g);
        placeItems();
        addLinks();
        return std::move(out_);
    }

private:
    /// What became of a group: hidden in a folded one, folded itself, a frame, or nothing of its
    /// own (then its members stand in `frame`).
    struct Place {
        int foldedAs = -1; ///< the folded group it is in
        int frame = -1;
        bool absent = false; ///< in a block that is not shown
    };

    void placeGroup(int number)
    {
        const ScopeGroup &g = content_.scopes.groups[number];
        Place &here = place_[number];
        if (g.parent >= 0)
            here = place_[g.parent];
        if (here.foldedAs >= 0 || here.absent)
            return;
        const ScopeGroup *run = g.parent >= 0 && content_.scopes.groups[g.parent].isRun
            ? &content_.scopes.groups[g.parent]
            : nullptr;
        if (run && !folds_.spread.contains(run->path)) {
            // The frame of the run is the frame of the block it shows.
            here.absent = number != run->groups[shownBlock(*run)];
        } else if (folds_.folded.contains(g.path)) {
            here.foldedAs = number;
        } else if (g.isRun ? !folds_.spread.contains(g.path) : !onlyWraps(g)) {
            out_.frames.append({number, g.isRun ? shownBlock(g) : -1, here.frame});
            here.frame = int(out_.frames.size()) - 1;
        }
    }

    /// A frame that holds nothing but one other says nothing.
    static bool onlyWraps(const ScopeGroup &g)
    {
        return !g.isRun && !g.byHand && g.items.isEmpty() && g.groups.size() == 1;
    }

    int shownBlock(const ScopeGroup &run) const
    {
        return std::clamp(folds_.block.value(run.path, 0), 0, int(run.groups.size()) - 1);
    }

    void placeItems()
    {
        QVector<int> nodeOfGroup(content_.scopes.groups.size(), -1);
        out_.nodeOf.fill(-1, content_.items.size());
        for (int i = 0; i < content_.items.size(); ++i) {
            const int group = content_.scopes.groupOf[i];
            const Place at = group >= 0 ? place_[group] : Place{};
            if (at.absent)
                continue;
            int &known = at.foldedAs >= 0 ? nodeOfGroup[at.foldedAs] : out_.nodeOf[i];
            if (known < 0) {
                known = int(out_.nodes.size());
                out_.nodes.append({at.foldedAs >= 0 ? -1 : i, at.foldedAs, at.frame});
            }
            out_.nodeOf[i] = known;
        }
        counterparts();
    }

    /// Items of blocks that are not shown are represented by the shown one where links leave or
    /// enter the run.
    void counterparts()
    {
        standIn_ = out_.nodeOf;
        for (const FoldedGraph::Frame &frame : out_.frames) {
            if (frame.block < 0)
                continue;
            const ScopeGroup &run = content_.scopes.groups[frame.group];
            const QVector<int> &shown = content_.scopes.groups[run.groups[frame.block]].alike;
            for (int block : run.groups) {
                const QVector<int> &others = content_.scopes.groups[block].alike;
                for (int k = 0; k < std::min(shown.size(), others.size()); ++k) {
                    standIn_[others[k]] = out_.nodeOf[shown[k]];
                    runOf_.insert(others[k], {frame.group, block});
                }
            }
        }
    }

    void addLinks()
    {
        QSet<QPair<int, int>> known;
        for (int l = 0; l < content_.links.size(); ++l) {
            const GraphLink &link = content_.links[l];
            const QPair<int, int> ends{standIn_[link.from], standIn_[link.to]};
            if (ends.first < 0 || ends.second < 0 || ends.first == ends.second || acrossBlocks(link)
                || runsBack(link, ends) || known.contains(ends))
                continue;
            known.insert(ends);
            out_.links.append({ends.first, ends.second, l});
        }
    }

    bool runsBack(const GraphLink &link, const QPair<int, int> &ends) const
    {
        const bool standIn = out_.nodeOf[link.from] < 0 || out_.nodeOf[link.to] < 0;
        return standIn && ends.first > ends.second;
    }

    /// From one block of a run to another: in a picture of one block that would run backwards.
    bool acrossBlocks(const GraphLink &link) const
    {
        const auto from = runOf_.value(link.from, {-1, -1}), to = runOf_.value(link.to, {-1, -1});
        return from.first >= 0 && from.first == to.first && from.second != to.second;
    }

    const GraphContent &content_;
    const FoldState &folds_;
    QVector<Place> place_;
    QVector<int> standIn_;
    QHash<int, QPair<int, int>> runOf_;
    FoldedGraph out_;
};

} // namespace

QJsonObject toJson(const FoldState &folds)
{
    QJsonObject block;
    for (auto it = folds.block.begin(); it != folds.block.end(); ++it)
        block.insert(it.key(), it.value());
    return {{QStringLiteral("folded"), QJsonArray::fromStringList(folds.folded.values())},
            {QStringLiteral("spread"), QJsonArray::fromStringList(folds.spread.values())},
            {QStringLiteral("block"), block}};
}

FoldState foldsFromJson(const QJsonObject &object)
{
    const auto setOf = [&](const char *key) {
        const QStringList paths = access::strings(access::array(object, key));
        return QSet<QString>(paths.begin(), paths.end());
    };
    FoldState folds{setOf("folded"), setOf("spread"), {}};
    const QJsonObject block = access::object(object, "block");
    for (auto it = block.begin(); it != block.end(); ++it)
        folds.block.insert(it.key(), it.value().toInt());
    return folds;
}

FoldState nothingFolded(const GraphContent &content)
{
    FoldState folds;
    for (const ScopeGroup &group : content.scopes.groups)
        if (group.isRun)
            folds.spread.insert(group.path);
    return folds;
}

FoldState defaultFolds(const GraphContent &content)
{
    const ScopeTree &tree = content.scopes;
    if (content.items.size() <= kSmall)
        return nothingFolded(content);
    FoldState folds;
    int shown = 0;
    for (int i = 0; i < content.items.size(); ++i)
        shown += tree.groupOf[i] < 0 ? 1 : 0;
    for (const ScopeGroup &group : tree.groups) {
        shown += group.parent < 0 ? 1 : 0;
        folds.folded.insert(group.path);
    }
    for (int g : outerFirst(tree)) {
        const ScopeGroup &group = tree.groups[g];
        const ScopeGroup *parent = group.parent >= 0 ? &tree.groups[group.parent] : nullptr;
        const bool reachable = !parent || !folds.folded.contains(parent->path);
        const bool block = parent && parent->isRun;
        const int more = opened(tree, g) - 1;
        if (!reachable || (!block && shown + more > kReadable))
            continue;
        shown += block ? 0 : more;
        folds.folded.remove(group.path);
    }
    return folds;
}

FoldState withItemShown(const GraphContent &content, FoldState folds, int item)
{
    for (int g = content.scopes.groupOf[item]; g >= 0; g = content.scopes.groups[g].parent) {
        const ScopeGroup &group = content.scopes.groups[g];
        folds.folded.remove(group.path);
        if (group.parent < 0 || !content.scopes.groups[group.parent].isRun)
            continue;
        const ScopeGroup &run = content.scopes.groups[group.parent];
        folds.block.insert(run.path, int(run.groups.indexOf(g)));
    }
    return folds;
}

FoldedGraph fold(const GraphContent &content, const FoldState &folds)
{
    return Folder(content, folds).run();
}

} // namespace kasuri::app
