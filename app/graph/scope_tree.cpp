#include "app/graph/scope_tree.h"

#include <QHash>
#include <QRegularExpression>
#include <QStringList>
#include <algorithm>

#include "app/graph/graph_item.h"
#include "app/graph/scope_paths.h"

namespace kasuri::app {
namespace {

constexpr int kShortestRun = 3, kLooksBack = 6;
constexpr double kWrapsAll = 0.9;

using Links = QVector<std::pair<int, int>>;

struct RawGroup {
    QString token;
    int parent = -1;
    QVector<int> groups, items;
    int members = 0, firstItem = -1;
};

class TreeBuilder {
public:
    TreeBuilder(const QVector<GraphItem> &items, const Links &links,
                const QVector<HandGroup> &byHand)
        : items_(items), links_(links), byHand_(byHand)
    {
    }

    ScopeTree build()
    {
        paths_ = scopePaths(items_, links_, byHand_);
        growRaw();
        tree_.groupOf.fill(-1, items_.size());
        int top = 0;
        while (wrapsAll(top))
            top = raw_[top].groups.first();
        addChildren(top, -1, QString());
        return std::move(tree_);
    }

private:
    void growRaw()
    {
        raw_.append(RawGroup{});
        QHash<QString, int> known;
        for (int i = 0; i < items_.size(); ++i) {
            int here = 0;
            QString path;
            count(here, i);
            for (const QString &token : paths_[i]) {
                path += QLatin1Char('/') + token;
                auto found = known.find(path);
                if (found == known.end()) {
                    found = known.insert(path, int(raw_.size()));
                    raw_[here].groups.append(int(raw_.size()));
                    raw_.append(RawGroup{token, here, {}, {}, 0, -1});
                }
                here = *found;
                count(here, i);
            }
            raw_[here].items.append(i);
        }
    }

    void count(int group, int item)
    {
        ++raw_[group].members;
        if (raw_[group].firstItem < 0)
            raw_[group].firstItem = item;
    }

    bool wrapsAll(int group) const
    {
        const QVector<int> &inside = raw_[group].groups;
        return inside.size() == 1 && !isByHand(inside.first())
            && raw_[inside.first()].members >= kWrapsAll * double(items_.size())
            && !raw_[inside.first()].groups.isEmpty();
    }

    bool isByHand(int group) const { return isHandToken(raw_[group].token); }

    QString pathOf(int group) const
    {
        QStringList tokens;
        for (; group > 0; group = raw_[group].parent)
            tokens.prepend(raw_[group].token);
        return tokens.join(QLatin1Char('/'));
    }

    /// A number alone says nothing: it is shown behind what it counts.
    QString titleOf(int group) const
    {
        static const QRegularExpression number(QStringLiteral("^\\d+$"));
        QString title = raw_[group].token;
        if (isByHand(group))
            return title.mid(1);
        for (int up = raw_[group].parent; up > 0; up = raw_[up].parent) {
            if (!number.match(title.section(QLatin1Char('.'), 0, 0)).hasMatch())
                break;
            title = raw_[up].token + QLatin1Char('.') + title;
        }
        return title;
    }

    int addGroup(int raw, int parent)
    {
        const int number = int(tree_.groups.size());
        ScopeGroup group;
        group.path = pathOf(raw);
        group.title = titleOf(raw);
        group.byHand = isByHand(raw);
        group.parent = parent;
        group.members = raw_[raw].members;
        tree_.groups.append(group);
        if (parent >= 0)
            tree_.groups[parent].groups.append(number);
        addChildren(raw, number, group.path);
        return number;
    }

    void addItems(int raw, int group)
    {
        for (int item : raw_[raw].items) {
            tree_.groupOf[item] = group;
            if (group >= 0)
                tree_.groups[group].items.append(item);
        }
    }

    /// What `raw` holds becomes what the group holds; groups that would say nothing are skipped.
    void addChildren(int raw, int group, const QString &path)
    {
        addItems(raw, group);
        QVector<int> worth;
        for (int child : raw_[raw].groups) {
            if (raw_[child].members < 2) {
                addChildren(child, group, path);
                continue;
            }
            while (raw_[child].items.isEmpty() && raw_[child].groups.size() == 1
                   && !isByHand(child))
                child = raw_[child].groups.first();
            worth.append(child);
        }
        for (int i = 0; i < worth.size();) {
            const int length = runLength(worth, i);
            if (length < kShortestRun)
                addGroup(worth[i++], group);
            else {
                addRun(worth.mid(i, length), group);
                i += length;
            }
        }
    }

    void addRun(const QVector<int> &blocks, int parent)
    {
        const int number = int(tree_.groups.size());
        ScopeGroup run;
        run.path = pathOf(blocks.first()) + QLatin1Char('#');
        run.title
            = titleOf(blocks.first()) + QStringLiteral("–") + numberIn(raw_[blocks.last()].token);
        run.parent = parent;
        run.isRun = true;
        for (int block : blocks)
            run.members += raw_[block].members;
        tree_.groups.append(run);
        if (parent >= 0)
            tree_.groups[parent].groups.append(number);
        for (int block : blocks) {
            const int added = addGroup(block, number);
            tree_.groups[added].alike = alike_.value(block);
        }
    }

    static QString numberIn(const QString &token)
    {
        static const QRegularExpression last(QStringLiteral("(\\d+)\\D*$"));
        return last.match(token).captured(1);
    }

    static QString stemOf(const QString &token)
    {
        const QString number = numberIn(token);
        return number.isEmpty() ? QString() : QString(token).remove(token.lastIndexOf(number), 99);
    }

    int runLength(const QVector<int> &groups, int first)
    {
        const RawGroup &head = raw_[groups[first]];
        const QString stem = stemOf(head.token);
        if (numberIn(head.token).isEmpty() || isByHand(groups[first]))
            return 1;
        const size_t shape = signature(groups[first]);
        int length = 1;
        while (first + length < groups.size()) {
            const RawGroup &next = raw_[groups[first + length]];
            if (next.members != head.members || next.parent != head.parent
                || numberIn(next.token).isEmpty() || stemOf(next.token) != stem
                || signature(groups[first + length]) != shape)
                break;
            ++length;
        }
        return length;
    }

    void collect(int raw, QVector<int> &items) const
    {
        items += raw_[raw].items;
        for (int child : raw_[raw].groups)
            collect(child, items);
    }

    /// Equal for groups whose items, and what feeds them at some distance, are alike, in whatever
    /// order they come.
    size_t signature(int raw)
    {
        if (const auto known = signatures_.constFind(raw); known != signatures_.constEnd())
            return *known;
        findMakers();
        QVector<int> members;
        collect(raw, members);
        QHash<int, size_t> kinds;
        for (int item : members)
            kinds.insert(
                item,
                qHashMulti(size_t(0), items_[item].type, items_[item].output, items_[item].bytes));
        for (int round = 0; round < kLooksBack; ++round) {
            QHash<int, size_t> next;
            for (int item : members) {
                size_t fed = 0;
                for (int maker : makers_[item])
                    fed += qHashMulti(size_t(1), kinds.value(maker, 0));
                next.insert(item, qHashMulti(size_t(2), kinds.value(item), fed));
            }
            kinds = next;
        }
        std::sort(members.begin(), members.end(), [&](int a, int b) {
            return std::pair(kinds.value(a), a) < std::pair(kinds.value(b), b);
        });
        size_t sum = 0;
        for (int item : members)
            sum = qHashMulti(sum, kinds.value(item));
        alike_.insert(raw, members);
        signatures_.insert(raw, sum);
        return sum;
    }

    void findMakers()
    {
        if (!makers_.isEmpty())
            return;
        makers_.resize(items_.size());
        for (const auto &[from, to] : links_)
            makers_[to].append(from);
    }

    const QVector<GraphItem> &items_;
    const Links &links_;
    const QVector<HandGroup> &byHand_;
    QVector<QStringList> paths_;
    QVector<RawGroup> raw_;
    QVector<QVector<int>> makers_;
    QHash<int, size_t> signatures_;
    QHash<int, QVector<int>> alike_;
    ScopeTree tree_;
};

} // namespace

ScopeTree buildScopes(const QVector<GraphItem> &items, const QVector<std::pair<int, int>> &links,
                      const QVector<HandGroup> &byHand)
{
    return items.isEmpty() ? ScopeTree{} : TreeBuilder(items, links, byHand).build();
}

} // namespace kasuri::app
