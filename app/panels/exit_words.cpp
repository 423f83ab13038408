#include "app/panels/exit_words.h"

#include <QCoreApplication>

#include "app/session/reason_words.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

struct ExitWords {
    Q_DECLARE_TR_FUNCTIONS(ExitWords)
};

QString percent(double share)
{
    return QStringLiteral("%1 %").arg(share * 100, 0, 'f', share > 0.999 && share < 1 ? 2 : 1);
}

QString thresholdText(const QString &gate, double threshold)
{
    if (threshold < 0)
        return ExitWords::tr("never");
    if (gate == QLatin1String("max-probability"))
        return QStringLiteral("p ≥ %1").arg(1 - threshold, 0, 'g', 4);
    if (gate == QLatin1String("margin"))
        return ExitWords::tr("margin ≥ %1").arg(1 - threshold, 0, 'g', 4);
    if (gate == QLatin1String("entropy"))
        return ExitWords::tr("entropy ≤ %1").arg(threshold, 0, 'g', 4);
    return ExitWords::tr("change ≤ %1").arg(threshold, 0, 'g', 4);
}

QString riskText(const ExitRisk &risk)
{
    return ExitWords::tr("%1: %2 of %3, at most %4 (limit %5)")
        .arg(risk.what)
        .arg(risk.k)
        .arg(risk.n)
        .arg(percent(risk.bound), percent(risk.limit));
}

QStringList latencyWords(const ExitInfo &info)
{
    return {ExitWords::tr("Batch %1, measured: %2 %3× the speed of the full model (%4 … %5); an "
                          "input that never leaves takes %6× its time")
                .arg(info.batch)
                .arg(info.speedupLow > 1        ? ExitWords::tr("▼ Faster,")
                         : info.speedupHigh < 1 ? ExitWords::tr("▲ Slower,")
                                                : ExitWords::tr("? Undecided,"))
                .arg(info.speedup, 0, 'f', 2)
                .arg(info.speedupLow, 0, 'f', 2)
                .arg(info.speedupHigh, 0, 'f', 2)
                .arg(info.worstCase, 0, 'f', 3),
            ExitWords::tr("mean %1, p95 %2, worst %3 ms; full model: mean %4, p95 %5, worst %6 ms")
                .arg(formatMs(info.early.mean), formatMs(info.early.p95),
                     formatMs(info.early.worst), formatMs(info.full.mean), formatMs(info.full.p95),
                     formatMs(info.full.worst))};
}

QString driftWords(const ExitInfo &info)
{
    if (!info.drift)
        return ExitWords::tr("Drift: not watched; name data to watch.");
    const ExitDrift &drift = *info.drift;
    if (drift.alarmAt < 0)
        return ExitWords::tr("✓ Drift: %1 samples, the calibration holds.").arg(drift.samples);
    return ExitWords::tr("× Drift: from sample %1 of %2 on the calibration no longer holds: %3. "
                         "The full model answered %4.")
        .arg(drift.alarmAt)
        .arg(drift.samples)
        .arg(reasonWords(drift.why))
        .arg(drift.fellBack);
}

} // namespace

QVector<QStringList> exitRows(const ExitInfo &info, int place)
{
    QVector<QStringList> rows;
    const ExitPoint &point = info.path[place];
    for (int k = 0; k < info.heads.size(); ++k) {
        const ExitHead &head = info.heads[k];
        const QString rule = k < point.thresholds.size()
            ? thresholdText(info.gate, point.thresholds[k])
            : ExitWords::tr("answers the rest");
        rows.append({head.name, rule, percent(point.shares[k]), percent(head.timeShare),
                     formatBytes(head.weightsBytes), formatBytes(head.arenaBytes)});
    }
    return rows;
}

QString placeWords(const ExitInfo &info, int place)
{
    const ExitPoint &point = info.path[place];
    const QString what
        = ExitWords::tr("%1 agree with the full model, expected %2 ms of %3 ms (%4 test samples)")
              .arg(percent(point.agreement), formatMs(point.expectedMs), formatMs(info.full.mean))
              .arg(info.testedOn);
    if (place == 0)
        return ExitWords::tr("Static plan: nothing leaves.") + QLatin1Char(' ') + what;
    return (place <= info.chosen ? ExitWords::tr("✓ Certified:")
                                 : ExitWords::tr("△ Not certified, explored only:"))
        + QLatin1Char(' ') + what;
}

QString exitFacts(const ExitInfo &info)
{
    QStringList lines = latencyWords(info);
    lines << ExitWords::tr("Data: %1. Certified on %2 with probability %3, tested on %4 others.")
                 .arg(info.data)
                 .arg(info.certifiedOn)
                 .arg(percent(1 - info.epsilon))
                 .arg(info.testedOn);
    if (info.policy == QLatin1String("given"))
        lines << ExitWords::tr("Measured with the thresholds of the slider.");
    else if (!info.certified)
        lines << ExitWords::tr("× Nothing could be certified: the full model answers.");
    for (const ExitRisk &risk : info.risks)
        lines << riskText(risk);
    for (const QString &why : info.whyNot)
        lines << QStringLiteral("△ ") + reasonWords(why);
    if (info.accuracyFull && info.accuracyEarly)
        lines << ExitWords::tr("Accuracy %1, full model %2")
                     .arg(percent(*info.accuracyEarly), percent(*info.accuracyFull));
    return (lines << driftWords(info)).join(QLatin1Char('\n'));
}

} // namespace kasuri::app
