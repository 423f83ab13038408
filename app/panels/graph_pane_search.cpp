// Searching in the graph pane, and what a filter of all views leaves of it.
#include <QLabel>
#include <QLineEdit>
#include <algorithm>

#include "app/graph/graph_canvas.h"
#include "app/graph/graph_search.h"
#include "app/panels/graph_pane.h"

namespace kasuri::app {

void GraphPane::focusSearch()
{
    search_->setFocus();
    search_->selectAll();
}

void GraphPane::search(const QString &text)
{
    hits_.clear();
    hit_ = -1;
    const Picture &picture = pictures().of(frontSide());
    if (picture.content)
        hits_ = searchItems(picture.content->items, text);
    showHits();
}

void GraphPane::setFilter(const QStringList &operators)
{
    filter_ = QSet<QString>(operators.begin(), operators.end());
    showHits();
}

/// Items of the picture that stand for an operator the filter lets through.
QSet<int> GraphPane::itemsWithin(Side side) const
{
    QSet<int> items;
    const GeometryPointer &graph = pictures().of(side).geometry;
    for (int i = 0; graph && !filter_.isEmpty() && i < graph->items.size(); ++i)
        if (std::any_of(graph->items[i].operators.begin(), graph->items[i].operators.end(),
                        [&](const QString &name) { return filter_.contains(name); }))
            items.insert(i);
    return items;
}

/// Hits in what is folded light up their group.
void GraphPane::showHits()
{
    const Picture &picture = pictures().of(frontSide());
    QSet<int> shown;
    for (int item : hits_)
        if (const int at = picture.geometry ? picture.geometry->shownAs.value(item, -1) : -1;
            at >= 0)
            shown.insert(at);
    const bool searching = !search_->text().isEmpty();
    for (Side side : {Side::Before, Side::After}) {
        const bool own = side == frontSide();
        const QSet<int> within = itemsWithin(side);
        const QSet<int> hits = !own || !searching ? within
            : filter_.isEmpty()                   ? shown
                                                  : shown & within;
        canvas(side)->setHits(hits, (own && searching) || !filter_.isEmpty());
    }
    hitCount_->setText(!searching     ? QString()
                           : hit_ < 0 ? tr("%1 hits").arg(hits_.size())
                                      : tr("%1 of %2 hits").arg(hit_ + 1).arg(hits_.size()));
}

void GraphPane::nextHit(int direction)
{
    if (hits_.isEmpty())
        return;
    const int count = int(hits_.size());
    hit_ = hit_ < 0 ? (direction > 0 ? 0 : count - 1) : (hit_ + direction + count) % count;
    const Side side = frontSide();
    const QStringList operators = pictures().of(side).content->items[hits_[hit_]].operators;
    showItem(side, hits_[hit_]);
    emit operatorsSelected(operators);
    showHits();
}

} // namespace kasuri::app
