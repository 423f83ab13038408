#pragma once

#include <QString>

namespace kasuri::app {

/// Numbers as the window writes them: three significant digits, one decimal from 100 up, U+2212 for
/// minus, KiB/MiB/GiB.
QString formatMs(double ms); ///< "1.27 ms" without the unit: "1.27"
QString formatBytes(qint64 bytes); ///< "9.38 MiB"
QString formatMiB(double bytes); ///< the number alone, in MiB
QString formatSignedPercent(double relative); ///< "−19.7 %"
QString formatSigned(double value);
/// The value of a requirement in the unit its text is about: "rss<=64MiB" is about bytes.
QString formatRequired(const QString &requirement, double value);
QString formatCount(qint64 count);

} // namespace kasuri::app
