#include "app/graph/equal_rooms.h"

#include <QHash>
#include <algorithm>

namespace kasuri::app {

std::array<QVector<double>, 2> equalRooms(const GraphContent &before, const GraphContent &after)
{
    QHash<QString, int> lines, performers;
    for (int i = 0; i < before.items.size(); ++i)
        if (before.items[i].operators.size() == 1)
            lines.insert(before.items[i].operators.first(), i);
    for (const GraphItem &card : after.items)
        for (const QString &name : card.operators)
            ++performers[name];
    std::array<QVector<double>, 2> rooms{QVector<double>(before.items.size(), 0),
                                         QVector<double>(after.items.size(), 0)};
    for (int i = 0; i < after.items.size(); ++i) {
        const GraphItem &card = after.items[i];
        const int line = card.operators.size() == 1 ? lines.value(card.operators.first(), -1) : -1;
        if (line < 0 || performers.value(card.operators.first()) > 1)
            continue;
        rooms[0][line] = rooms[1][i] = std::max(before.items[line].rect.width(), card.rect.width());
    }
    return rooms;
}

} // namespace kasuri::app
