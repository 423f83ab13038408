#include "app/graph/scope_paths.h"

#include <QHash>
#include <algorithm>

#include "app/graph/graph_item.h"
#include "app/graph/repetition.h"

namespace kasuri::app {
namespace {

constexpr int kDeepest = 12; ///< levels; deeper ones are drawn as their twelfth
constexpr double kTooFewScopes = 0.3;
const QLatin1Char kHandMark('*'); ///< begins the token of a group by hand

using Links = QVector<std::pair<int, int>>;

/// "features/features.5/features.5.1" -> features, 5, 1.
QStringList tokensOf(const QString &scope)
{
    const QStringList raw = scope.split(QLatin1Char('/'), Qt::SkipEmptyParts).mid(0, kDeepest);
    QStringList tokens;
    for (int i = 0; i < raw.size(); ++i) {
        const QString stem = i > 0 ? raw[i - 1] + QLatin1Char('.') : QString();
        tokens << (i > 0 && raw[i].startsWith(stem) ? raw[i].mid(stem.size()) : raw[i]);
    }
    return tokens;
}

QStringList commonStart(const QStringList &a, const QStringList &b)
{
    int shared = 0;
    while (shared < std::min(a.size(), b.size()) && a[shared] == b[shared])
        ++shared;
    return a.mid(0, shared);
}

/// The group that holds most of the operators, and at least half; -1: none.
int handGroupOf(const QStringList &operators, const QHash<QString, int> &groupOfOperator)
{
    QHash<int, int> votes;
    int best = -1;
    for (const QString &name : operators)
        if (const int group = groupOfOperator.value(name, -1);
            group >= 0 && ++votes[group] > votes.value(best))
            best = group;
    return best >= 0 && 2 * votes.value(best) >= operators.size() ? best : -1;
}

/// Puts what the user drew together into a scope of its own below the one they share.
void drawTogether(QVector<QStringList> &paths, const QVector<GraphItem> &items,
                  const QVector<HandGroup> &byHand)
{
    QHash<QString, int> groupOfOperator;
    for (int g = 0; g < byHand.size(); ++g)
        for (const QString &name : byHand[g].operators)
            groupOfOperator.insert(name, g);
    QVector<QVector<int>> members(byHand.size());
    for (int i = 0; i < items.size() && !byHand.isEmpty(); ++i)
        if (const int group = handGroupOf(items[i].operators, groupOfOperator); group >= 0)
            members[group].append(i);
    for (int g = 0; g < byHand.size(); ++g) {
        if (members[g].isEmpty())
            continue;
        QStringList shared = paths[members[g].first()];
        for (int item : members[g])
            shared = commonStart(shared, paths[item]);
        for (int item : members[g])
            paths[item].insert(shared.size(), kHandMark + byHand[g].name);
    }
}

/// What stands without a scope between items of one scope belongs to it.
void adoptOrphans(QVector<QStringList> &paths, const Links &links)
{
    const int count = int(paths.size());
    QVector<QVector<int>> readers(count), makers(count);
    for (const auto &[from, to] : links) {
        readers[from].append(to);
        makers[to].append(from);
    }
    for (int i = count; i-- > 0;) {
        if (!paths[i].isEmpty() || readers[i].isEmpty())
            continue;
        QStringList shared = paths[readers[i].first()];
        for (int reader : readers[i])
            shared = commonStart(shared, paths[reader]);
        const bool fed = std::any_of(makers[i].begin(), makers[i].end(), [&](int maker) {
            return commonStart(paths[maker], shared).size() == shared.size();
        });
        if (fed)
            paths[i] = shared;
    }
}

} // namespace

bool isHandToken(const QString &token)
{
    return token.startsWith(kHandMark);
}

QVector<QStringList> scopePaths(const QVector<GraphItem> &items, const Links &links,
                                const QVector<HandGroup> &byHand)
{
    QVector<QStringList> paths;
    int known = 0;
    for (const GraphItem &item : items) {
        paths.append(tokensOf(item.scope));
        known += paths.back().isEmpty() ? 0 : 1;
    }
    if (known < kTooFewScopes * double(items.size())) {
        const Repetition found = longestRepetition(items);
        for (int i = 0; i < found.period * found.times; ++i)
            paths[found.first + i] = QStringList{QStringLiteral("block.%1").arg(i / found.period)};
    } else {
        adoptOrphans(paths, links);
    }
    drawTogether(paths, items, byHand);
    return paths;
}

} // namespace kasuri::app
