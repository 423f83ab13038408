#include "app/graph/legend_bar.h"

#include <QPainter>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr int kHeight = 26, kSteps = 7, kSwatchWidth = 44, kSwatchHeight = 16;

} // namespace

LegendBar::LegendBar(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setFixedHeight(kHeight);
    setAccessibleName(tr("Legend"));
}

void LegendBar::setHeat(double top)
{
    top_ = top;
    update();
}

double LegendBar::paintHeat(QPainter &p, double x) const
{
    const QString caption
        = top_ > 0 ? tr("Median time, ms, up to") : tr("No times yet: F5 measures");
    p.setPen(theme_.color(QStringLiteral("text.2")));
    p.drawText(QRectF(x, 0, 220, kHeight), Qt::AlignVCenter, caption);
    x += p.fontMetrics().horizontalAdvance(caption) + 8;
    for (int step = 0; top_ > 0 && step < kSteps; ++step) {
        const QColor fill = theme_.color(QStringLiteral("heat%1").arg(step));
        const QRectF box(x, (kHeight - kSwatchHeight) / 2.0, kSwatchWidth, kSwatchHeight);
        p.fillRect(box, fill);
        p.setPen(theme_.textOn(fill));
        const double share = double(step + 1) / kSteps; // the scale is by square root
        p.drawText(box, Qt::AlignCenter, formatMs(top_ * share * share));
        x += kSwatchWidth;
    }
    return x + 20;
}

void LegendBar::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.fillRect(rect(), theme_.color(QStringLiteral("panel")));
    p.setPen(theme_.color(QStringLiteral("line")));
    p.drawLine(0, 0, width(), 0);
    QFont small = font();
    small.setPixelSize(11);
    p.setFont(small);
    double x = paintHeat(p, 10);
    for (int f = 0; f < 6; ++f) {
        const QString name = nameOf(Family(f));
        const double wide = p.fontMetrics().horizontalAdvance(name) + 24;
        if (x + wide > width())
            break;
        p.fillRect(QRectF(x, 7, 4, 12), theme_.color(QStringLiteral("cat%1").arg(f + 1)));
        p.setPen(theme_.color(QStringLiteral("text.2")));
        p.drawText(QRectF(x + 8, 0, wide, kHeight), Qt::AlignVCenter, name);
        x += wide;
    }
}

} // namespace kasuri::app
