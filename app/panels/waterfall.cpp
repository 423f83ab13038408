#include "app/panels/waterfall.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kRow = 14, kName = 58, kNumber = 84, kBar = 8;

struct Bar {
    QString name;
    EffectResult effect;
    double from = 0; ///< ms before this pass
};

bool isReal(const EffectResult &effect)
{
    return effect.verdict == QLatin1String("faster") || effect.verdict == QLatin1String("slower");
}

QString words(const EffectResult &effect)
{
    if (effect.verdict == QLatin1String("broken"))
        return QCoreApplication::translate("Waterfall", "× outputs differ");
    if (!isReal(effect))
        return effect.verdict == QLatin1String("same")
            ? QCoreApplication::translate("Waterfall", "= same")
            : QCoreApplication::translate("Waterfall", "? undecided");
    const double half = (effect.highMs - effect.lowMs) / 2;
    return QStringLiteral("%1 ± %2").arg(formatSigned(effect.ms), formatMs(half));
}

/// In run order; where there is no room for all, those that change least are left out.
QVector<Bar> barsOf(const ComparisonInfo &comparison, int rows)
{
    QVector<Bar> bars;
    double at = comparison.latency.beforeMs;
    for (const PassEffectInfo &effect : comparison.effects) {
        if (!effect.cumulative)
            continue;
        bars.append({effect.pass, *effect.cumulative, at});
        at += effect.cumulative->ms;
    }
    while (bars.size() > rows) {
        const auto weakest = std::min_element(bars.begin(), bars.end(), [](auto &a, auto &b) {
            return std::abs(a.effect.ms) < std::abs(b.effect.ms);
        });
        bars.erase(weakest);
    }
    return bars;
}

} // namespace

void paintWaterfall(QPainter &p, const QRectF &area, const Theme &theme,
                    const ComparisonInfo &comparison)
{
    QFont small = p.font();
    small.setPixelSize(11);
    p.setFont(small);
    p.setPen(theme.color(QStringLiteral("text.2")));
    p.drawText(QRectF(area.left(), area.top(), area.width(), 16), Qt::AlignLeft | Qt::AlignVCenter,
               QCoreApplication::translate("Waterfall", "Effect of each pass   cumulative, ms"));
    const int rows = std::max(1, int((area.height() - 18) / kRow));
    const QVector<Bar> bars = barsOf(comparison, rows);
    double low = std::min(comparison.latency.beforeMs, comparison.latency.afterMs);
    double high = std::max(comparison.latency.beforeMs, comparison.latency.afterMs);
    for (const Bar &bar : bars) {
        low = std::min({low, bar.from, bar.from + bar.effect.lowMs});
        high = std::max({high, bar.from, bar.from + bar.effect.highMs});
    }
    const QRectF plot(area.left() + kName, area.top() + 18, area.width() - kName - kNumber,
                      bars.size() * kRow);
    const auto x = [&](double ms) {
        return plot.left() + (high > low ? (ms - low) / (high - low) : 0) * plot.width();
    };
    const auto endLine = [&](double ms, const char *token) {
        p.setPen(QPen(theme.color(QString::fromLatin1(token)), 1.5));
        p.drawLine(QPointF(x(ms), plot.top()), QPointF(x(ms), plot.bottom()));
    };
    endLine(comparison.latency.beforeMs, "before.mark");
    endLine(comparison.latency.afterMs, "after.mark");
    double y = plot.top();
    for (const Bar &bar : bars) {
        const double from = x(bar.from), to = x(bar.from + bar.effect.ms);
        p.setPen(theme.color(QStringLiteral("text")));
        p.drawText(QRectF(area.left(), y, kName - 6, kRow), Qt::AlignLeft | Qt::AlignVCenter,
                   bar.name);
        if (isReal(bar.effect)) {
            p.fillRect(QRectF(std::min(from, to), y + (kRow - kBar) / 2,
                              std::max(1.0, std::abs(to - from)), kBar),
                       theme.color(QStringLiteral("before.mark")));
            const double middle = y + kRow / 2;
            p.drawLine(QPointF(x(bar.from + bar.effect.lowMs), middle),
                       QPointF(x(bar.from + bar.effect.highMs), middle));
        }
        p.drawText(QRectF(area.right() - kNumber + 6, y, kNumber - 6, kRow),
                   Qt::AlignRight | Qt::AlignVCenter, words(bar.effect));
        y += kRow;
    }
}

QString waterfallText(const ComparisonInfo &comparison)
{
    QStringList parts;
    for (const PassEffectInfo &effect : comparison.effects)
        if (effect.cumulative)
            parts << effect.pass + QLatin1Char(' ') + words(*effect.cumulative);
    return parts.join(QStringLiteral("; "));
}

} // namespace kasuri::app
