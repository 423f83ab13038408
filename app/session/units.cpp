#include "app/session/units.h"

#include <cmath>

namespace kasuri::app {
namespace {

constexpr QChar kMinus(0x2212);

QString significant(double value)
{
    const double size = std::abs(value);
    if (size == 0)
        return QStringLiteral("0");
    if (size >= 100)
        return QString::number(value, 'f', 1);
    if (size >= 10)
        return QString::number(value, 'f', 1);
    if (size >= 1)
        return QString::number(value, 'f', 2);
    if (size >= 0.1)
        return QString::number(value, 'f', 3);
    return QString::number(value, 'f', 4);
}

QString withMinus(QString text)
{
    if (text.startsWith(QLatin1Char('-')))
        text[0] = kMinus;
    return text;
}

} // namespace

QString formatMs(double ms)
{
    return withMinus(significant(ms));
}

QString formatBytes(qint64 bytes)
{
    constexpr double kKi = 1024.0;
    const double size = double(bytes);
    if (size < kKi)
        return QStringLiteral("%1 B").arg(bytes);
    if (size < kKi * kKi)
        return significant(size / kKi) + QStringLiteral(" KiB");
    if (size < kKi * kKi * kKi)
        return significant(size / kKi / kKi) + QStringLiteral(" MiB");
    return significant(size / kKi / kKi / kKi) + QStringLiteral(" GiB");
}

QString formatMiB(double bytes)
{
    return withMinus(significant(bytes / 1048576.0));
}

QString formatSigned(double value)
{
    const QString text = significant(std::abs(value));
    return (value < 0 ? QString(kMinus) : QStringLiteral("+")) + text;
}

QString formatSignedPercent(double relative)
{
    const QString text = QString::number(std::abs(relative) * 100, 'f', 1);
    return (relative < 0 ? QString(kMinus) : QStringLiteral("+")) + text + QStringLiteral(" %");
}

QString formatRequired(const QString &requirement, double value)
{
    const QString text = requirement.trimmed();
    if (text.startsWith(QLatin1String("rss")) || text.startsWith(QLatin1String("arena"))
        || text.startsWith(QLatin1String("box")))
        return formatBytes(qint64(value));
    if (text.startsWith(QLatin1String("max_")))
        return QString::number(value, 'e', 1);
    if (text.startsWith(QLatin1String("cosine")))
        return QString::number(value, 'f', 7);
    if (text.startsWith(QLatin1String("sqnr")))
        return QString::number(value, 'f', 1) + QStringLiteral(" dB");
    if (text.startsWith(QLatin1String("deadline")) || text.startsWith(QLatin1String("argmax")))
        return QString::number(value * 100, 'g', 3) + QStringLiteral(" %");
    if (text.startsWith(QLatin1String("throughput")))
        return formatMs(value) + QStringLiteral("/s");
    return formatMs(value) + QStringLiteral(" ms");
}

QString formatCount(qint64 count)
{
    return QString::number(count);
}

} // namespace kasuri::app
