// What the session keeps of the graph pane.
#include <QJsonArray>
#include <algorithm>

#include "app/panels/graph_pane.h"
#include "app/session/json_access.h"

namespace kasuri::app {

QJsonObject GraphPane::look() const
{
    QJsonArray folds;
    for (const auto &side : request_.folds)
        folds.append(side ? QJsonValue(toJson(*side)) : QJsonValue());
    return {{QStringLiteral("view"), int(view_)},
            {QStringLiteral("heat"), int(request_.heat)},
            {QStringLiteral("folds"), folds}};
}

/// The heat of an overlay comes with the overlay.
void GraphPane::restoreLook(const QJsonObject &look)
{
    const auto number = [&](const char *key, int most) {
        return int(std::clamp<qint64>(access::integer(look, key), 0, most));
    };
    const QJsonArray folds = access::array(look, "folds");
    for (size_t side = 0; side < request_.folds.size(); ++side)
        if (const QJsonValue kept = folds.at(qsizetype(side)); kept.isObject())
            request_.folds[side] = foldsFromJson(kept.toObject());
    if (look.contains(QLatin1String("view")))
        setView(GraphView(number("view", int(GraphView::Difference))));
    const HeatKind heat = HeatKind(number("heat", int(HeatKind::Overlay)));
    if (look.contains(QLatin1String("heat")) && heat != HeatKind::Overlay
        && request_.heat != HeatKind::Overlay)
        setHeat(heat);
    else
        requestPictures();
}

} // namespace kasuri::app
