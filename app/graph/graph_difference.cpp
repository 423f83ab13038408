#include "app/graph/graph_difference.h"

#include <QHash>
#include <QSet>

namespace kasuri::app {
namespace {

/// Item numbers by the imported operator they stand for.
QHash<QString, QVector<int>> placesOf(const QVector<GraphItem> &items)
{
    QHash<QString, QVector<int>> places;
    for (int i = 0; i < items.size(); ++i)
        for (const QString &name : items[i].operators)
            places[name].append(i);
    return places;
}

QSet<int> counterparts(const GraphItem &item, const QHash<QString, QVector<int>> &places)
{
    QSet<int> found;
    for (const QString &name : item.operators)
        for (int place : places.value(name))
            found.insert(place);
    return found;
}

Change pairedChange(const GraphItem &line, const GraphItem &card)
{
    return card.title == line.detail ? Change::Same : Change::Changed;
}

} // namespace

ChangeCounts markChanges(QVector<GraphItem> &before, QVector<GraphItem> &after)
{
    ChangeCounts counts;
    const auto lines = placesOf(before), cards = placesOf(after);
    for (GraphItem &card : after) {
        const QSet<int> sources = counterparts(card, lines);
        card.change = sources.isEmpty() ? Change::Added
            : sources.size() > 1        ? Change::Fused
                                        : pairedChange(before[*sources.begin()], card);
        counts.added += card.change == Change::Added ? 1 : 0;
    }
    for (GraphItem &line : before) {
        const QSet<int> made = counterparts(line, cards);
        line.change = Change::Removed;
        for (int card : made)
            if (line.change != Change::Fused)
                line.change = after[card].change;
        counts.fused += line.change == Change::Fused ? 1 : 0;
        counts.removed += line.change == Change::Removed ? 1 : 0;
        counts.changed += line.change == Change::Changed ? 1 : 0;
        counts.same += line.change == Change::Same ? 1 : 0;
    }
    return counts;
}

} // namespace kasuri::app
