#include "app/graph/source_heights.h"

#include <set>
#include <utility>

namespace kasuri::app {
namespace {

constexpr double kApart = 100; ///< px between sources that do not stand together

} // namespace

SourceHeights::SourceHeights(const GraphGeometry &before) : before_(before)
{
    for (int i = 0; i < before.items.size(); ++i)
        for (const QString &name : before.items[i].operators)
            itemOfOperator_.insert(name, i);
}

std::optional<double> SourceHeights::of(const GraphItem &item) const
{
    std::set<std::pair<double, int>> sources; // from top to bottom
    for (const QString &name : item.operators)
        if (const auto found = itemOfOperator_.constFind(name); found != itemOfOperator_.constEnd())
            sources.insert({before_.items[*found].rect.top(), *found});
    QRectF most, box;
    int mostCount = 0, count = 0;
    for (const auto &[top, source] : sources) {
        const bool apart = count > 0 && top - box.bottom() > kApart;
        box = apart ? before_.items[source].rect : box | before_.items[source].rect;
        count = apart ? 1 : count + 1;
        if (count >= mostCount) {
            most = box;
            mostCount = count;
        }
    }
    return mostCount == 0 ? std::nullopt : std::optional(most.center().y());
}

} // namespace kasuri::app
