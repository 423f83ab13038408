// Reads what `kasuri compare --json` prints.
#include <QCoreApplication>
#include <QJsonDocument>
#include <algorithm>

#include "app/session/engine_json.h"
#include "app/session/json_access.h"

namespace kasuri::app {
namespace {

using namespace access;

std::optional<EffectResult> effectFrom(const QJsonObject &o)
{
    if (o.isEmpty())
        return std::nullopt;
    EffectResult effect{real(o, "ms"), real(o, "low_ms"), real(o, "high_ms"), text(o, "verdict")};
    if (o.value(QLatin1String("ratio")).isDouble()) {
        effect.ratio = real(o, "ratio");
        effect.ratioLow = real(o, "low");
        effect.ratioHigh = real(o, "high");
    }
    return effect;
}

QVector<PassEffectInfo> effectsFrom(const QJsonArray &passes)
{
    QVector<PassEffectInfo> list;
    for (const QJsonValue &value : passes) {
        const QJsonObject pass = value.toObject();
        const QJsonObject effects = object(pass, "effects");
        PassEffectInfo effect{text(pass, "name"), effectFrom(object(effects, "cumulative")),
                              effectFrom(object(effects, "alone")),
                              effectFrom(object(effects, "left_out"))};
        if (effect.cumulative || effect.alone || effect.leftOut)
            list.append(effect);
    }
    return list;
}

QVector<SlowPart> slowFrom(const QJsonArray &passes)
{
    QVector<SlowPart> list;
    for (const QJsonValue &value : passes)
        if (const QJsonObject pass = value.toObject(); pass.contains(QLatin1String("slowed_by")))
            list.append({text(pass, "name"), strings(array(pass, "slowed_by"))});
    return list;
}

SideMemory sideMemory(const QJsonObject &o)
{
    return {maybeBytes(o, "weights_bytes"),   maybeBytes(o, "packed_weights_bytes"),
            maybeBytes(o, "arena_bytes"),     maybeBytes(o, "arena_lower_bound_bytes"),
            maybeBytes(o, "workspace_bytes"), maybeBytes(o, "peak_rss_bytes")};
}

/// "kasuri", with the streams that its throughput was measured with where there are several.
QString runtimeText(const QJsonObject &side)
{
    const QString name = text(object(side, "runtime"), "name");
    const int streams = int(integer(object(side, "throughput"), "streams"));
    return streams > 1
        ? QCoreApplication::translate("Comparison", "%1, %2 streams").arg(name).arg(streams)
        : name;
}

SideInfo sideFrom(const QJsonObject &o)
{
    SideInfo side;
    const QJsonObject runtime = object(o, "runtime"), latency = object(o, "latency_ms");
    side.name = text(o, "name");
    side.runtime = runtimeText(o);
    side.threads = int(integer(object(runtime, "settings"), "threads"));
    side.recipe = text(o, "recipe");
    side.planHash = text(o, "plan_hash");
    side.medianMs = maybe(latency, "median");
    side.p90Ms = maybe(latency, "p90");
    side.p99Why = text(latency, "p99_why");
    side.samples = int(integer(latency, "count"));
    side.outliers = int(integer(latency, "outliers"));
    side.firstRunMs = maybe(o, "first_run_ms");
    side.prepareMs = maybe(o, "prepare_ms");
    side.itemsPerSecond = maybe(object(o, "throughput"), "items_per_s");
    side.memory = sideMemory(object(o, "memory"));
    side.blockMedians = reals(array(o, "block_medians_ms"));
    side.samplesMs = reals(array(o, "samples_ms"));
    side.outlierBlocks = numbers(array(o, "outlier_blocks"));
    side.outlierRuns = numbers(array(o, "outlier_runs"));
    side.blocked = strings(array(o, "blocked_passes"));
    return side;
}

LatencyResult ratioFrom(const QJsonObject &latency, double beforeMs, double afterMs)
{
    return {beforeMs,
            afterMs,
            real(latency, "low"),
            real(latency, "high"),
            text(latency, "verdict"),
            maybe(latency, "ratio").value_or(1)};
}

void addDeltas(ComparisonInfo &c, const QJsonArray &deltas)
{
    for (const QJsonValue &value : deltas)
        for (SideInfo &side : c.sides)
            if (side.name == text(value.toObject(), "side"))
                side.against
                    = ratioFrom(object(value.toObject(), "latency"),
                                c.sides.front().medianMs.value_or(0), side.medianMs.value_or(0));
}

void addFidelity(ComparisonInfo &c, const QJsonArray &fidelity)
{
    for (const QJsonValue &value : fidelity) {
        const QJsonObject f = value.toObject();
        for (SideInfo &side : c.sides)
            if (side.name == text(f, "side")) {
                side.fidelity = text(f, "verdict");
                side.guilty = strings(array(f, "guilty_sites"));
            }
        if (text(f, "side") != c.sides[1].name)
            continue;
        c.fidelity = text(f, "verdict");
        for (const QJsonValue &out : array(f, "outputs")) {
            ++c.outputsChecked;
            c.maxAbs = std::max(c.maxAbs, real(out.toObject(), "max_abs"));
        }
    }
}

QVector<TravelInfo> travelsFrom(const QJsonArray &items)
{
    QVector<TravelInfo> list;
    for (const QJsonValue &value : items) {
        const QJsonObject o = value.toObject(), plan = object(o, "plan");
        TravelInfo travel{text(o, "runtime"),
                          text(o, "original"),
                          text(o, "exported"),
                          int(integer(o, "threads")),
                          ratioFrom(object(o, "file"), 0, 0),
                          std::nullopt};
        if (!plan.isEmpty())
            travel.plan = ratioFrom(plan, 0, 0);
        list.append(travel);
    }
    return list;
}

/// `side`: the one they are about.
QVector<RequirementResult> requirementsFrom(const QJsonArray &items, const QJsonObject &side)
{
    QVector<RequirementResult> list;
    for (const QJsonValue &value : items) {
        const QJsonObject o = value.toObject();
        RequirementResult result{text(o, "text"),
                                 o.value(QLatin1String("met")).toBool(),
                                 maybe(o, "value"),
                                 text(o, "why"),
                                 {}};
        if (!result.met && result.text.startsWith(QLatin1String("box")))
            result.operators = strings(array(object(object(side, "box"), "step"), "nodes"));
        list.append(result);
    }
    return list;
}

MachineInfo machineOf(const QJsonObject &environment)
{
    return {text(environment, "cpu"),
            text(environment, "isa"),
            int(integer(environment, "cores")),
            maybe(environment, "load"),
            QDateTime::fromString(text(environment, "utc"), Qt::ISODate),
            text(environment, "build")};
}

} // namespace

std::optional<ComparisonInfo> comparisonFrom(const QByteArray &json)
{
    const QJsonObject o = QJsonDocument::fromJson(json).object();
    const QJsonArray sides = array(o, "sides"), deltas = array(o, "deltas");
    if (sides.size() < 2 || deltas.isEmpty())
        return std::nullopt;
    ComparisonInfo c;
    for (const QJsonValue &side : sides)
        c.sides.append(sideFrom(side.toObject()));
    addDeltas(c, deltas);
    addFidelity(c, array(o, "fidelity"));
    const QJsonObject latency = object(deltas[0].toObject(), "latency");
    c.latency
        = ratioFrom(latency, c.sides[0].medianMs.value_or(0), c.sides[1].medianMs.value_or(0));
    c.blocks = int(integer(latency, "blocks"));
    c.rssBefore = c.sides[0].memory.peakRss;
    c.rssAfter = c.sides[1].memory.peakRss;
    c.beforeSamples = c.sides[0].blockMedians;
    c.afterSamples = c.sides[1].blockMedians;
    c.effects = effectsFrom(array(o, "passes"));
    c.slow = slowFrom(array(o, "passes"));
    c.requirements = requirementsFrom(array(o, "requirements"), sides[1].toObject());
    c.travels = travelsFrom(array(o, "travels"));
    c.partial = o.value(QLatin1String("partial")).toBool();
    const QJsonObject environment = object(sides[0].toObject(), "environment");
    c.warnings = strings(array(environment, "warnings"));
    c.machine = machineOf(environment);
    c.seconds = maybe(o, "timed_seconds");
    c.command = text(o, "command");
    c.json = QString::fromUtf8(json);
    return c;
}

} // namespace kasuri::app
