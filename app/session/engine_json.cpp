#include "app/session/engine_json.h"

#include <QFileInfo>
#include <algorithm>

#include "app/session/json_access.h"
#include "app/session/reason_words.h"

namespace kasuri::app {
namespace {

using namespace access;

OperatorInfo operatorFrom(const QJsonObject &node, const QHash<QString, QJsonObject> &values)
{
    OperatorInfo op;
    op.name = text(node, "name");
    op.type = text(node, "op");
    op.scope = text(node, "scope");
    op.inputs = strings(array(node, "inputs"));
    op.outputs = strings(array(node, "outputs"));
    op.unsupported = reasonWords(text(node, "unsupported"));
    op.sources = strings(array(node, "sources"));
    if (op.sources.isEmpty())
        op.sources = QStringList{op.name};
    for (const QString &value : op.outputs) {
        const QJsonObject v = values.value(value);
        op.bytes += integer(v, "bytes");
        if (op.output.isEmpty())
            op.output = text(v, "type");
    }
    QStringList attributes;
    const QJsonObject given = object(node, "attributes");
    for (auto it = given.begin(); it != given.end(); ++it)
        attributes << it.key() + QLatin1Char('=') + it.value().toString();
    op.attributes = attributes.join(QLatin1Char(' '));
    return op;
}

SiteInfo siteFrom(const QJsonObject &o)
{
    SiteInfo site;
    site.site = text(o, "site");
    site.applied = text(o, "outcome") == QLatin1String("applied");
    site.reason = text(o, "reason");
    site.nodes = strings(array(o, "sources"));
    if (site.nodes.isEmpty())
        site.nodes = strings(array(o, "nodes"));
    return site;
}

RuleInfo ruleFrom(const QJsonObject &o)
{
    RuleInfo rule{text(o, "name"), text(o, "law"), text(o, "fidelity"), {}};
    for (const QJsonValue &site : array(o, "sites"))
        rule.sites.append(siteFrom(site.toObject()));
    return rule;
}

StepInfo stepFrom(const QJsonObject &o)
{
    StepInfo step;
    step.name = text(o, "name");
    step.title = text(o, "op");
    step.nodes = strings(array(o, "nodes"));
    step.sources = strings(array(o, "sources"));
    if (step.sources.isEmpty())
        step.sources = step.nodes;
    step.inputs = numbers(array(o, "inputs"));
    step.outputs = numbers(array(o, "outputs"));
    step.bytesRead = integer(o, "bytes_read");
    step.bytesWritten = integer(o, "bytes_written");
    step.flops = integer(o, "flops");
    step.workspaceBytes = integer(o, "workspace_bytes");
    step.workspaceOffset = integer(o, "workspace_offset");
    step.movesOnly = o.value(QLatin1String("data_movement")).toBool();
    step.backend = text(o, "backend");
    step.reason = text(o, "reason");
    return step;
}

/// Steps of bodies, each followed by those inside it. Times are sums over the iterations of a run.
void addInside(StepInfo &owner, const QString &path, const QJsonObject &step)
{
    for (const QJsonValue &body : array(step, "bodies"))
        for (const QJsonValue &value : array(body.toObject(), "steps")) {
            StepInfo inner = stepFrom(value.toObject());
            inner.name = path + QLatin1String(" / ") + text(body.toObject(), "name")
                + QLatin1String(" / ") + inner.name;
            inner.sources = owner.sources;
            inner.medianMs = maybe(value.toObject(), "median_ms");
            inner.p90Ms = maybe(value.toObject(), "p90_ms");
            inner.calls = maybe(value.toObject(), "calls").value_or(1);
            const QString innerPath = inner.name;
            owner.inside.push_back(std::move(inner));
            addInside(owner, innerPath, value.toObject());
        }
}

BufferInfo bufferFrom(const QJsonObject &o)
{
    return {text(o, "name"),
            text(o, "kind"),
            integer(o, "bytes"),
            integer(o, "offset"),
            o.value(QLatin1String("alias_of")).toInt(-1),
            int(integer(o, "first_step")),
            int(integer(o, "last_step"))};
}

MemoryInfo memoryFrom(const QJsonObject &o)
{
    MemoryInfo memory;
    memory.weightsBytes = integer(o, "weights_bytes");
    memory.packedBytes = integer(o, "packed_weights_bytes");
    memory.arenaBytes = integer(o, "arena_bytes");
    memory.lowerBoundBytes = integer(o, "arena_lower_bound_bytes");
    memory.noReuseBytes = integer(o, "arena_no_reuse_bytes");
    memory.workspaceBytes = integer(o, "workspace_bytes");
    for (const QJsonValue &bytes : array(o, "live_bytes"))
        memory.liveBytes.append(qint64(bytes.toDouble()));
    return memory;
}

} // namespace

ModelInfo modelFrom(const QJsonObject &graph)
{
    ModelInfo model;
    const QJsonObject about = object(graph, "model");
    model.path = text(about, "path");
    model.name = QFileInfo(model.path).fileName();
    model.opset = int(integer(about, "opset"));
    QHash<QString, QJsonObject> values;
    for (const QJsonValue &v : array(graph, "values"))
        values.insert(text(v.toObject(), "name"), v.toObject());
    for (const QJsonValue &node : array(graph, "nodes"))
        model.operators.append(operatorFrom(node.toObject(), values));
    for (const QJsonValue &v : array(graph, "inputs"))
        model.inputs << text(v.toObject(), "name") + QStringLiteral("  ")
                + text(v.toObject(), "type");
    for (const QJsonValue &v : array(graph, "outputs"))
        model.outputs << text(v.toObject(), "name") + QStringLiteral("  ")
                + text(v.toObject(), "type");
    return model;
}

QVector<PassInfo> passesFrom(const QJsonObject &rewrite)
{
    QVector<PassInfo> passes;
    for (const QJsonValue &value : array(rewrite, "passes")) {
        const QJsonObject o = value.toObject();
        PassInfo pass;
        pass.name = text(o, "name");
        pass.law = text(o, "law");
        pass.fidelity = text(o, "fidelity");
        pass.alwaysOn = o.value(QLatin1String("always_on")).toBool();
        pass.onByDefault = o.value(QLatin1String("default")).toBool(true);
        for (const QJsonValue &rule : array(o, "rules"))
            pass.rules.append(ruleFrom(rule.toObject()));
        passes.append(pass);
    }
    return passes;
}

QVector<DimInfo> dimsFrom(const QJsonObject &graph)
{
    QVector<DimInfo> dims;
    for (const QJsonValue &value : array(graph, "dims")) {
        const QJsonObject o = value.toObject();
        const QString name = text(o, "name");
        const auto same = [&](const DimInfo &dim) { return dim.name == name; };
        if (std::none_of(dims.begin(), dims.end(), same))
            dims.append({name, integer(o, "value"), o.value(QLatin1String("given")).toBool()});
    }
    return dims;
}

QVector<InputInfo> inputsFrom(const QJsonObject &graph)
{
    QVector<InputInfo> inputs;
    for (const QJsonValue &value : array(graph, "inputs"))
        inputs.append({text(value.toObject(), "name"), text(value.toObject(), "type")});
    return inputs;
}

PlanInfo planFrom(const QJsonObject &o)
{
    PlanInfo plan;
    plan.hash = text(o, "hash");
    for (const QJsonValue &step : array(o, "steps")) {
        plan.steps.append(stepFrom(step.toObject()));
        addInside(plan.steps.back(), plan.steps.back().name, step.toObject());
    }
    for (const QJsonValue &buffer : array(o, "buffers"))
        plan.buffers.append(bufferFrom(buffer.toObject()));
    plan.memory = memoryFrom(object(o, "memory"));
    const QJsonObject moved = object(o, "data_movement");
    plan.movement = {int(integer(moved, "operators")), integer(moved, "bytes")};
    return plan;
}

void addTimes(PlanInfo &plan, const QJsonObject &profile)
{
    plan.profile
        = ProfileTotals{real(profile, "total_ms"), real(profile, "plain_ms"),
                        real(profile, "instrumentation_overhead"), int(integer(profile, "runs"))};
    const QJsonArray steps = array(profile, "steps");
    for (int i = 0; i < steps.size() && i < plan.steps.size(); ++i) {
        plan.steps[i].medianMs = maybe(steps[i].toObject(), "median_ms");
        plan.steps[i].p90Ms = maybe(steps[i].toObject(), "p90_ms");
        plan.steps[i].timesMs = reals(array(steps[i].toObject(), "times_ms"));
        plan.steps[i].startMs = maybe(steps[i].toObject(), "start_ms");
        plan.steps[i].thread = int(integer(steps[i].toObject(), "thread"));
        plan.steps[i].inside.clear();
        addInside(plan.steps[i], plan.steps[i].name, steps[i].toObject());
    }
}

} // namespace kasuri::app
