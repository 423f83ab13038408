#include "app/session/search_data.h"

#include <QJsonDocument>
#include <algorithm>

#include "app/session/json_access.h"

namespace kasuri::app {

using namespace access;

SearchTrial trialFrom(const QJsonObject &o)
{
    const QJsonObject confirmed = object(o, "confirmed");
    SearchTrial trial;
    trial.recipe = text(o, "recipe");
    trial.ms = real(o, "ms");
    trial.arenaBytes = integer(o, "arena_bytes");
    trial.kernels = int(integer(o, "kernels"));
    trial.right = text(o, "outputs") != QLatin1String("wrong");
    trial.stopped = o.value(QLatin1String("stopped")).toBool();
    trial.pareto = o.value(QLatin1String("pareto")).toBool();
    trial.error = text(o, "error");
    trial.verdict = text(confirmed, "verdict");
    trial.ratio = maybe(confirmed, "ratio");
    return trial;
}

void keepTrial(QVector<SearchTrial> &trials, const SearchTrial &trial)
{
    const auto same = std::find_if(trials.begin(), trials.end(), [&](const SearchTrial &other) {
        return other.recipe == trial.recipe;
    });
    if (same == trials.end())
        trials.append(trial);
    else
        *same = trial;
}

std::optional<SearchInfo> searchFrom(const QByteArray &json)
{
    const QJsonObject o = object(QJsonDocument::fromJson(json).object(), "search");
    const QJsonArray trials = array(o, "trials");
    if (trials.isEmpty())
        return std::nullopt;
    SearchInfo info;
    for (const QJsonValue &trial : trials)
        info.trials.append(trialFrom(trial.toObject()));
    info.best = text(o, "best");
    info.partial = o.value(QLatin1String("partial")).toBool();
    info.outOfTime = o.value(QLatin1String("out_of_time")).toBool();
    info.seconds = real(o, "seconds");
    return info;
}

} // namespace kasuri::app
