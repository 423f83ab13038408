#include "app/panels/waterfall.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kRow = 14, kName = 58, kNumber = 84, kBar = 8;

constexpr double kLeastRest = 0.01; ///< of what the bars span: about a pixel

bool isReal(const EffectResult &effect)
{
    return effect.verdict == QLatin1String("faster") || effect.verdict == QLatin1String("slower");
}

QString words(const WaterfallBar &bar)
{
    const EffectResult &effect = bar.effect;
    if (bar.isRest)
        return formatSigned(effect.ms);
    if (effect.verdict == QLatin1String("broken"))
        return QCoreApplication::translate("Waterfall", "× outputs differ");
    if (!isReal(effect))
        return effect.verdict == QLatin1String("same")
            ? QCoreApplication::translate("Waterfall", "= same")
            : QCoreApplication::translate("Waterfall", "? undecided");
    const double half = (effect.highMs - effect.lowMs) / 2;
    return QStringLiteral("%1 ± %2").arg(formatSigned(effect.ms), formatMs(half));
}

/// Where there is no room for all, those that change least are left out, the rest before them.
QVector<WaterfallBar> barsThatFit(QVector<WaterfallBar> bars, int rows)
{
    while (bars.size() > rows)
        bars.erase(std::min_element(bars.begin(), bars.end(), [](auto &a, auto &b) {
            return std::pair(!a.isRest, std::abs(a.effect.ms))
                < std::pair(!b.isRest, std::abs(b.effect.ms));
        }));
    return bars;
}

/// Positions of ms in the picture.
class Scale {
public:
    Scale(const QRectF &plot, const LatencyResult &latency, const QVector<WaterfallBar> &bars)
        : plot_(plot), low_(std::min(latency.beforeMs, latency.afterMs)),
          high_(std::max(latency.beforeMs, latency.afterMs))
    {
        for (const WaterfallBar &bar : bars) {
            const bool whisker = isReal(bar.effect);
            const double least = whisker ? bar.effect.lowMs : bar.effect.ms;
            const double most = whisker ? bar.effect.highMs : bar.effect.ms;
            low_ = std::min({low_, bar.fromMs, bar.fromMs + least});
            high_ = std::max({high_, bar.fromMs, bar.fromMs + most});
        }
    }
    double operator()(double ms) const
    {
        return plot_.left() + (high_ > low_ ? (ms - low_) / (high_ - low_) : 0) * plot_.width();
    }

private:
    QRectF plot_;
    double low_, high_;
};

/// Filled where it is a real difference, else an outline; the rest dashed.
void paintBar(QPainter &p, const WaterfallBar &bar, const Scale &x, double y, const Theme &theme)
{
    const double from = x(bar.fromMs), to = x(bar.fromMs + bar.effect.ms), middle = y + kRow / 2;
    const QRectF box(std::min(from, to), y + (kRow - kBar) / 2, std::max(1.0, std::abs(to - from)),
                     kBar);
    const QColor mark = theme.color(QStringLiteral("before.mark"));
    if (isReal(bar.effect)) {
        p.fillRect(box, mark);
    } else if (box.width() > 2) {
        p.setPen(QPen(mark, 1, bar.isRest ? Qt::DashLine : Qt::SolidLine));
        p.setBrush(Qt::NoBrush);
        p.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
    }
    p.setPen(theme.color(QStringLiteral("text")));
    if (isReal(bar.effect))
        p.drawLine(QPointF(x(bar.fromMs + bar.effect.lowMs), middle),
                   QPointF(x(bar.fromMs + bar.effect.highMs), middle));
}

} // namespace

QVector<WaterfallBar> waterfallBars(const ComparisonInfo &comparison)
{
    QVector<WaterfallBar> bars;
    double at = comparison.latency.beforeMs;
    for (const PassEffectInfo &pass : comparison.effects) {
        if (!pass.cumulative)
            continue;
        EffectResult effect = *pass.cumulative;
        effect.ms = at * (effect.ratio - 1);
        effect.lowMs = at * (effect.ratioLow - 1);
        effect.highMs = at * (effect.ratioHigh - 1);
        bars.append({pass.pass, effect, at, false});
        at += effect.ms;
    }
    const double after = comparison.latency.afterMs, rest = after - at;
    double low = std::min(after, at), high = std::max(after, at);
    for (const WaterfallBar &bar : bars) {
        low = std::min(low, bar.fromMs);
        high = std::max(high, bar.fromMs);
    }
    if (bars.isEmpty() || std::abs(rest) <= kLeastRest * (high - low))
        return bars;
    EffectResult left;
    left.ms = left.lowMs = left.highMs = rest;
    bars.append({QCoreApplication::translate("Waterfall", "rest"), left, at, true});
    return bars;
}

void paintWaterfall(QPainter &p, const QRectF &area, const Theme &theme,
                    const ComparisonInfo &comparison)
{
    QFont small = p.font();
    small.setPixelSize(11);
    p.setFont(small);
    p.setPen(theme.color(QStringLiteral("text.2")));
    p.drawText(
        QRectF(area.left(), area.top(), area.width(), 16), Qt::AlignLeft | Qt::AlignVCenter,
        QCoreApplication::translate("Waterfall", "Effect of each pass   chained ratios, ms"));
    const int rows = std::max(1, int((area.height() - 18) / kRow));
    const QVector<WaterfallBar> all = waterfallBars(comparison), bars = barsThatFit(all, rows);
    const QRectF plot(area.left() + kName, area.top() + 18, area.width() - kName - kNumber,
                      double(bars.size()) * kRow);
    const Scale x(plot, comparison.latency, all);
    const auto endLine = [&](double ms, const char *token) {
        p.setPen(QPen(theme.color(QString::fromLatin1(token)), 1.5));
        p.drawLine(QPointF(x(ms), plot.top()), QPointF(x(ms), plot.bottom()));
    };
    endLine(comparison.latency.beforeMs, "before.mark");
    endLine(comparison.latency.afterMs, "after.mark");
    double y = plot.top();
    for (const WaterfallBar &bar : bars) {
        paintBar(p, bar, x, y, theme);
        p.setPen(theme.color(QStringLiteral("text")));
        p.drawText(QRectF(area.left(), y, kName - 6, kRow), Qt::AlignLeft | Qt::AlignVCenter,
                   bar.name);
        p.drawText(QRectF(area.right() - kNumber + 6, y, kNumber - 6, kRow),
                   Qt::AlignRight | Qt::AlignVCenter, words(bar));
        y += kRow;
    }
}

QString waterfallText(const ComparisonInfo &comparison)
{
    QStringList parts;
    for (const WaterfallBar &bar : waterfallBars(comparison))
        parts << bar.name + QLatin1Char(' ') + words(bar);
    return parts.join(QStringLiteral("; "));
}

QString waterfallReading()
{
    return QCoreApplication::translate(
        "Waterfall",
        "Each pass was timed in pairs, with it and without it, after those before it. Its ratio "
        "times the latency that is left gives its bar, so that the bars lead from before to after; "
        "the rest is what the pairs do not explain.");
}

} // namespace kasuri::app
