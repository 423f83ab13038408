#include "app/session/measured_words.h"

#include <QCoreApplication>
#include <QLocale>
#include <utility>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(MeasuredWords)
};

const QString kBetween = QStringLiteral("      ");

} // namespace

QString widestIsa(const QString &isa)
{
    static constexpr std::pair<const char *, const char *> kNames[]
        = {{"amx", "AMX"}, {"avx512", "AVX-512"}, {"avx2", "AVX2"},  {"avx", "AVX"},
           {"sse", "SSE"}, {"sve", "SVE"},        {"asimd", "NEON"}, {"neon", "NEON"}};
    for (const auto &[key, name] : kNames)
        if (isa.contains(QLatin1String(key), Qt::CaseInsensitive))
            return QString::fromLatin1(name);
    return isa;
}

QString measuredWords(const ComparisonInfo &comparison, const SelfTest::Tally &selfTest,
                      const QDateTime &now)
{
    const MachineInfo &machine = comparison.machine;
    QStringList parts;
    if (const QDateTime when = machine.when.toLocalTime(); when.isValid())
        parts << Words::tr("Measured %1")
                     .arg(when.toString(when.date() == now.date()
                                            ? QStringLiteral("HH:mm:ss")
                                            : QStringLiteral("yyyy-MM-dd HH:mm")));
    QString blocks = Words::tr("%n blocks × A/B, interleaved", nullptr, comparison.blocks);
    if (comparison.seconds)
        blocks += QStringLiteral(", ") + Words::tr("%1 s").arg(*comparison.seconds, 0, 'f', 1);
    parts << blocks;
    QStringList box{machine.cpu, widestIsa(machine.isa)};
    box.removeAll(QString());
    const int threads = comparison.sides.isEmpty() ? 0 : comparison.sides.first().threads;
    if (threads > 0 && machine.cores > 0)
        box << Words::tr("%1 / %2 cores").arg(threads).arg(machine.cores);
    parts << box.join(QStringLiteral(" · "));
    if (machine.load)
        parts << Words::tr("load %1").arg(*machine.load, 0, 'f', 1);
    if (selfTest.of > 0)
        parts << Words::tr("A/A false alarms %1 of %2").arg(selfTest.alarms).arg(selfTest.of);
    return parts.join(kBetween);
}

} // namespace kasuri::app
