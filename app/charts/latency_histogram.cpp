#include "app/charts/latency_histogram.h"

#include <QPainter>
#include <algorithm>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr int kBins = 48;
constexpr double kLeft = 14, kRight = 14, kTop = 20, kBottom = 22;
constexpr double kShownShare = 0.98;

/// The sample that `share` of all do not exceed.
double quantile(QVector<double> samples, double share)
{
    if (samples.isEmpty())
        return 0;
    std::sort(samples.begin(), samples.end());
    return samples[int(share * double(samples.size() - 1))];
}

} // namespace

QString LatencyHistogram::wordsOf(const std::optional<ComparisonInfo> &comparison)
{
    if (!comparison)
        return tr("No measurement yet. F5 measures.");
    const auto told
        = [](const std::optional<double> &ms) { return ms ? formatMs(*ms) : QStringLiteral("–"); };
    QStringList sides;
    for (int i = 0; i < 2; ++i) {
        const SideInfo &side = comparison->sides[i];
        sides << tr("%1: median %2 ms, p90 %3 ms, n = %4 runs")
                     .arg(i == 0 ? tr("before") : tr("after"), told(side.medianMs),
                          told(side.p90Ms))
                     .arg(side.samples);
    }
    return sides.join(QStringLiteral("; "));
}

LatencyHistogram::LatencyHistogram(const Theme &theme, QWidget *parent)
    : QWidget(parent), theme_(theme)
{
    setMinimumSize(220, 110);
    setAccessibleName(tr("Histogram of latency"));
    setAccessibleDescription(wordsOf(std::nullopt));
}

LatencyHistogram::Side LatencyHistogram::binned(const SideInfo &info) const
{
    Side side;
    side.counts.fill(0, kBins);
    side.median = info.medianMs.value_or(0);
    for (const double ms : info.samplesMs) {
        const int bin = int((ms - from_) / (to_ - from_) * kBins);
        side.beyond += bin >= kBins ? 1 : 0;
        if (bin >= 0 && bin < kBins)
            ++side.counts[bin];
    }
    return side;
}

void LatencyHistogram::setComparison(const std::optional<ComparisonInfo> &comparison)
{
    most_ = 0;
    if (comparison) {
        const SideInfo &a = comparison->sides[0], &b = comparison->sides[1];
        const QVector<double> all = a.samplesMs + b.samplesMs;
        from_ = quantile(all, 0);
        to_ = quantile(all, kShownShare);
        const double margin = std::max((to_ - from_) * 0.05, 1e-6);
        from_ -= margin;
        to_ += margin;
        before_ = binned(a);
        after_ = binned(b);
        for (const Side *side : {&before_, &after_})
            most_ = std::max(most_, *std::max_element(side->counts.begin(), side->counts.end()));
    }
    setAccessibleDescription(wordsOf(comparison));
    update();
}

void LatencyHistogram::paintSide(QPainter &p, const Side &side, bool before, double axis,
                                 double high) const
{
    const double wide = (width() - kLeft - kRight) / kBins;
    p.setPen(Qt::NoPen);
    p.setBrush(theme_.color(before ? QStringLiteral("before.mark") : QStringLiteral("after.mark")));
    for (int i = 0; i < kBins; ++i) {
        const double tall = high * side.counts[i] / most_;
        p.drawRect(QRectF(kLeft + i * wide, before ? axis - tall : axis, wide - 1, tall));
    }
    const double x = kLeft + (side.median - from_) / (to_ - from_) * kBins * wide;
    p.setPen(QPen(theme_.color(QStringLiteral("text")), 1, Qt::DashLine));
    p.drawLine(QPointF(x, axis), QPointF(x, before ? axis - high : axis + high));
    p.setPen(theme_.color(before ? QStringLiteral("before") : QStringLiteral("after")));
    QString text = before ? tr("before, median %1 ms") : tr("after, median %1 ms");
    text = text.arg(formatMs(side.median));
    if (side.beyond > 0)
        text += tr("; %n slower than shown", nullptr, side.beyond);
    const double y = before ? 2 : axis + high + 3;
    p.drawText(QRectF(kLeft, y, width() - kLeft - kRight, 16), Qt::AlignLeft | Qt::AlignVCenter,
               text);
}

void LatencyHistogram::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.fillRect(rect(), theme_.color(QStringLiteral("canvas")));
    p.setPen(theme_.color(QStringLiteral("text.2")));
    if (most_ == 0) {
        p.drawText(rect(), Qt::AlignCenter, tr("No measurement yet. F5 measures."));
        return;
    }
    const double middle = 18, axis = (height() + kTop - kBottom - middle) / 2;
    const double high = axis - kTop;
    paintSide(p, before_, true, axis, high);
    p.save();
    p.translate(0, middle);
    paintSide(p, after_, false, axis, high);
    p.restore();
    p.setPen(theme_.color(QStringLiteral("line.strong")));
    p.drawLine(QPointF(kLeft, axis + 0.5), QPointF(width() - kRight, axis + 0.5));
    p.setPen(theme_.color(QStringLiteral("text.2")));
    const QRectF labels(kLeft, axis + 1, width() - kLeft - kRight, middle);
    p.drawText(labels, Qt::AlignLeft | Qt::AlignVCenter, formatMs(from_));
    p.drawText(labels, Qt::AlignHCenter | Qt::AlignVCenter, tr("ms"));
    p.drawText(labels, Qt::AlignRight | Qt::AlignVCenter, formatMs(to_));
}

} // namespace kasuri::app
