#include "app/session/run_history.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <utility>

#include "app/session/engine_json.h"
#include "app/session/json_access.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr int kMostRuns = 100;

QString bytesLine(const QString &name, const std::optional<qint64> &a,
                  const std::optional<qint64> &b)
{
    if (!a || !b)
        return RunHistory::tr("%1: – (not known for both)").arg(name);
    if (*a == *b)
        return RunHistory::tr("%1: = %2").arg(name, formatBytes(*a));
    return RunHistory::tr("%1: %2 → %3, %4")
        .arg(name, formatBytes(*a), formatBytes(*b),
             *a > 0 ? formatSignedPercent(double(*b) / double(*a) - 1) : QStringLiteral("–"));
}

} // namespace

QString RunHistory::unique(const QString &name, int except) const
{
    const auto taken = [&](const QString &wanted) {
        for (int i = 0; i < runs_.size(); ++i)
            if (i != except && runs_[i].name == wanted)
                return true;
        return false;
    };
    QString found = name;
    for (int number = 2; taken(found); ++number)
        found = QStringLiteral("%1 (%2)").arg(name).arg(number);
    return found;
}

void RunHistory::add(RunRecord run)
{
    if (run.name.isEmpty())
        run.name = tr("run %1").arg(runs_.size() + 1);
    run.name = unique(run.name, -1);
    run.report = QJsonDocument::fromJson(run.result.json.toUtf8()).object();
    runs_.append(std::move(run));
    while (runs_.size() > kMostRuns)
        runs_.removeFirst();
    emit changed();
}

void RunHistory::rename(int index, const QString &name)
{
    if (index < 0 || index >= runs_.size() || name.trimmed().isEmpty())
        return;
    runs_[index].name = unique(name.trimmed(), index);
    emit changed();
}

void RunHistory::remove(int index)
{
    if (index < 0 || index >= runs_.size())
        return;
    runs_.removeAt(index);
    emit changed();
}

QJsonArray RunHistory::toJson() const
{
    QJsonArray list;
    for (const RunRecord &run : runs_)
        list.append(QJsonObject{{QStringLiteral("name"), run.name},
                                {QStringLiteral("when"), run.when.toUTC().toString(Qt::ISODate)},
                                {QStringLiteral("model"), run.model},
                                {QStringLiteral("recipe"), run.recipe},
                                {QStringLiteral("target"), kasuri::app::toJson(run.target)},
                                {QStringLiteral("report"), run.report}});
    return list;
}

void RunHistory::restore(const QJsonArray &runs)
{
    runs_.clear();
    for (const QJsonValue &value : runs) {
        const QJsonObject o = value.toObject();
        const auto result = comparisonFrom(
            QJsonDocument(access::object(o, "report")).toJson(QJsonDocument::Compact));
        if (result)
            runs_.append({unique(access::text(o, "name"), -1),
                          QDateTime::fromString(access::text(o, "when"), Qt::ISODate),
                          access::text(o, "model"), access::text(o, "recipe"),
                          targetFromJson(access::object(o, "target")), *result,
                          access::object(o, "report")});
    }
    emit changed();
}

QStringList differenceOf(const RunRecord &a, const RunRecord &b)
{
    const SideInfo &x = a.result.sides[1], &y = b.result.sides[1];
    QStringList lines{RunHistory::tr("%1 → %2").arg(a.name, b.name)};
    lines << (a.recipe == b.recipe ? RunHistory::tr("recipe: = %1").arg(a.recipe)
                                   : RunHistory::tr("recipe: %1 → %2").arg(a.recipe, b.recipe));
    if (a.target.threads != b.target.threads)
        lines << RunHistory::tr("threads: %1 → %2").arg(a.target.threads).arg(b.target.threads);
    if (a.target.inputs != b.target.inputs)
        lines << RunHistory::tr("inputs: not the same");
    if (x.planHash == y.planHash && !x.planHash.isEmpty())
        lines << RunHistory::tr("plan: = the same plan");
    lines << bytesLine(RunHistory::tr("planned arena"), x.memory.arena, y.memory.arena)
          << bytesLine(RunHistory::tr("process RSS, peak"), x.memory.peakRss, y.memory.peakRss)
          << bytesLine(RunHistory::tr("weights"), x.memory.weights, y.memory.weights)
          << bytesLine(RunHistory::tr("packed copies"), x.memory.packed, y.memory.packed);
    const auto ms
        = [](const std::optional<double> &v) { return v ? formatMs(*v) : QStringLiteral("–"); };
    lines << RunHistory::tr("latency: %1 ms then, %2 ms then. Measured apart, so no ratio: "
                            "Measure together runs both interleaved.")
                 .arg(ms(x.medianMs), ms(y.medianMs));
    return lines;
}

} // namespace kasuri::app
