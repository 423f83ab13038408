#include "app/charts/exit_histogram.h"

#include <QPainter>

namespace kasuri::app {
namespace {

constexpr double kSide = 10, kTop = 18, kBottom = 20, kGap = 10, kWidest = 90;

QString percent(double share)
{
    return QStringLiteral("%1 %").arg(share * 100, 0, 'f', 1);
}

} // namespace

ExitHistogram::ExitHistogram(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setMinimumSize(220, 76);
    setAccessibleName(tr("Share of samples by exit"));
}

void ExitHistogram::setExits(const QStringList &names, const QVector<double> &shown,
                             const QVector<double> &certified)
{
    names_ = names;
    shown_ = shown;
    certified_ = certified;
    setAccessibleDescription(asText());
    update();
}

QString ExitHistogram::asText() const
{
    QStringList lines;
    for (int k = 0; k < shown_.size(); ++k)
        lines << names_.value(k) + QLatin1Char('\t') + percent(shown_[k]);
    return lines.join(QLatin1Char('\n'));
}

void ExitHistogram::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.fillRect(rect(), theme_.color(QStringLiteral("canvas")));
    p.setPen(theme_.color(QStringLiteral("text.2")));
    if (shown_.isEmpty()) {
        p.drawText(rect().adjusted(8, 0, -8, 0), Qt::AlignCenter | Qt::TextWordWrap,
                   tr("Nothing certified yet. Name the data, then certify."));
        return;
    }
    const double axis = height() - kBottom, tall = axis - kTop;
    const double slot = std::min(kWidest + kGap, (width() - 2 * kSide) / double(shown_.size()));
    for (int k = 0; k < shown_.size(); ++k) {
        const double x = kSide + k * slot, wide = slot - kGap;
        const bool last = k + 1 == shown_.size();
        const QColor mark
            = theme_.color(last ? QStringLiteral("before.mark") : QStringLiteral("after.mark"));
        p.fillRect(QRectF(x, axis - shown_[k] * tall, wide, shown_[k] * tall), mark);
        if (k < certified_.size()) {
            p.setPen(QPen(theme_.color(QStringLiteral("text")), 1, Qt::DashLine));
            p.setBrush(Qt::NoBrush);
            const double high = certified_[k] * tall;
            p.drawRect(QRectF(x + 0.5, axis - high + 0.5, wide - 1, high));
        }
        p.setPen(theme_.color(QStringLiteral("text")));
        const double top = std::max(shown_[k], certified_.value(k)) * tall;
        p.drawText(QRectF(x - kGap / 2, axis - top - 16, slot, 15), Qt::AlignCenter,
                   percent(shown_[k]));
        p.setPen(theme_.color(QStringLiteral("text.2")));
        const QString name = last ? tr("full model") : names_.value(k);
        p.drawText(QRectF(x - kGap / 2, axis + 3, slot, 15), Qt::AlignCenter,
                   fontMetrics().elidedText(name, Qt::ElideMiddle, int(slot) - 2));
    }
    p.setPen(theme_.color(QStringLiteral("line.strong")));
    p.drawLine(QPointF(kSide - 4, axis + 0.5), QPointF(width() - kSide, axis + 0.5));
}

} // namespace kasuri::app
