#include <QCoreApplication>
#include <QJsonDocument>

#include "app/session/advice_info.h"
#include "app/session/json_access.h"

namespace kasuri::app {

using namespace access;

namespace {

StepEstimates stepsFrom(const QJsonObject &side)
{
    return {text(side, "plan_hash"), reals(array(side, "step_ms"))};
}

} // namespace

std::optional<AdviceInfo> adviceFrom(const QByteArray &json)
{
    const QJsonObject o = QJsonDocument::fromJson(json).object();
    if (!o.contains(QLatin1String("advice")))
        return std::nullopt;
    AdviceInfo advice;
    advice.verdict = text(o, "advice");
    advice.why = text(o, "why");
    advice.recipe = text(o, "recipe");
    advice.beforeMs = real(object(o, "before"), "estimate_ms");
    advice.afterMs = real(object(o, "after"), "estimate_ms");
    advice.arenaBefore = integer(object(o, "before"), "arena_bytes");
    advice.arenaAfter = integer(object(o, "after"), "arena_bytes");
    advice.stepsBefore = stepsFrom(object(o, "original"));
    advice.stepsAfter = stepsFrom(object(o, "after"));
    for (const QJsonValue &value : array(o, "passes")) {
        const QJsonObject p = value.toObject();
        advice.passes.insert(text(p, "name"),
                             {real(p, "estimate_ms"), integer(p, "arena_bytes"),
                              int(integer(p, "applied")), int(integer(p, "declined"))});
    }
    const QJsonObject payback = object(o, "payback");
    advice.paybackDays = maybe(payback, "days");
    if (!payback.isEmpty())
        advice.payback
            = QCoreApplication::translate(
                  "Advice", "%1 machine hours and %2 saved per day; an effort of %3 %4")
                  .arg(real(payback, "machine_hours_saved_per_day"), 0, 'f', 2)
                  .arg(real(payback, "saved_per_day"), 0, 'f', 2)
                  .arg(real(payback, "effort"), 0, 'f', 0)
                  .arg(advice.paybackDays
                           ? QCoreApplication::translate("Advice", "pays back in %1 days")
                                 .arg(*advice.paybackDays, 0, 'f', 0)
                           : QCoreApplication::translate("Advice", "does not pay back"));
    return advice;
}

} // namespace kasuri::app
