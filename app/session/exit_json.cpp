#include <QJsonDocument>

#include "app/session/exit_data.h"
#include "app/session/json_access.h"

namespace kasuri::app {

using namespace access;

namespace {

QVector<ExitRisk> risksFrom(const QJsonArray &counts)
{
    QVector<ExitRisk> list;
    for (const QJsonValue &value : counts) {
        const QJsonObject o = value.toObject();
        list.append({text(o, "what"), integer(o, "k"), integer(o, "n"), real(o, "limit"),
                     real(o, "bound")});
    }
    return list;
}

ExitTimes timesFrom(const QJsonObject &o)
{
    return {real(o, "mean"), real(o, "p95"), real(o, "worst")};
}

void readLatency(const QJsonObject &o, ExitInfo &info)
{
    info.batch = integer(o, "batch");
    info.full = timesFrom(object(o, "full"));
    info.early = timesFrom(object(o, "early"));
    info.speedup = real(o, "speedup");
    info.speedupLow = real(o, "speedup_low");
    info.speedupHigh = real(o, "speedup_high");
    info.worstCase = real(o, "worst_case");
}

void readPath(const QJsonArray &path, ExitInfo &info)
{
    for (const QJsonValue &value : path) {
        const QJsonObject o = value.toObject();
        ExitPoint point{reals(array(o, "thresholds")), reals(array(o, "shares")),
                        real(o, "agreement"), real(o, "expected_ms"),
                        o.value(QLatin1String("chosen")).toBool()};
        if (point.shares.size() != info.heads.size())
            continue;
        if (point.chosen)
            info.chosen = int(info.path.size());
        info.path.append(std::move(point));
    }
}

void readTest(const QJsonObject &test, ExitInfo &info)
{
    info.testedOn = integer(test, "samples");
    info.agreement = real(test, "agreement");
    info.tested = risksFrom(array(test, "counts"));
    info.accuracyFull = maybe(test, "accuracy_full");
    info.accuracyEarly = maybe(test, "accuracy_early");
}

} // namespace

std::optional<ExitInfo> exitsFrom(const QByteArray &json)
{
    const QJsonObject o = QJsonDocument::fromJson(json).object();
    if (text(o, "kind") != QLatin1String("early-exit"))
        return std::nullopt;
    ExitInfo info;
    info.gate = text(o, "gate");
    info.policy = text(o, "policy");
    info.command = text(o, "command");
    info.data = text(object(o, "data"), "data");
    for (const QJsonValue &value : array(o, "exits")) {
        const QJsonObject e = value.toObject();
        info.heads.append({text(e, "name"), text(e, "rule"), real(e, "share_left"),
                           real(e, "time_share"), integer(e, "weights_bytes"),
                           integer(e, "arena_bytes")});
    }
    readPath(array(o, "path"), info);
    const QJsonObject risk = object(o, "risk");
    info.epsilon = real(risk, "epsilon");
    info.certifiedOn = integer(risk, "certified_on");
    info.certified = risk.value(QLatin1String("certified")).toBool();
    info.risks = risksFrom(array(risk, "counts"));
    info.whyNot = strings(array(risk, "why_not"));
    readTest(object(o, "test"), info);
    readLatency(array(o, "latency").first().toObject(), info);
    if (o.contains(QLatin1String("drift"))) {
        const QJsonObject drift = object(o, "drift");
        info.drift = ExitDrift{integer(drift, "samples"), integer(drift, "alarm_at"),
                               integer(drift, "fell_back"), text(drift, "why")};
    }
    if (info.heads.isEmpty() || info.path.isEmpty())
        return std::nullopt;
    return info;
}

} // namespace kasuri::app
