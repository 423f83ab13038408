#include "app/graph/legend_bar.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>

#include "app/graph/change_symbol.h"
#include "app/session/units.h"
#include "app/style/font_scale.h"

namespace kasuri::app {
namespace {

constexpr int kSteps = 7, kSwatchWidth = 44, kSwatchHeight = 16, kHeight = 26, kText = 11;

} // namespace

LegendBar::LegendBar(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setFixedHeight(scaledPx(kHeight));
    setAccessibleName(tr("Legend"));
}

void LegendBar::setHeat(const HeatScale &scale)
{
    scale_ = scale;
    update();
}

void LegendBar::setChanges(const std::optional<ChangeCounts> &counts)
{
    changes_ = counts;
    update();
}

QRectF LegendBar::swatch(double x, int wide) const
{
    const int high = scaledPx(kSwatchHeight);
    return {x, (height() - high) / 2.0, double(scaledPx(wide)), double(high)};
}

double LegendBar::paintHeat(QPainter &p, double x) const
{
    const bool overlay = scale_.kind == HeatKind::Overlay;
    const QString caption = scale_.top <= 0 && overlay ? tr("No profile overlaid: Ctrl+Alt+O")
        : scale_.top <= 0                              ? tr("No times yet: F5 measures")
        : overlay                                      ? tr("Overlaid profile, ms, up to")
        : scale_.kind == HeatKind::Time
        ? (scale_.estimated ? tr("Estimated time, ms, up to") : tr("Median time, ms, up to"))
        : scale_.kind == HeatKind::Bytes
        ? tr("Bytes moved, MiB, up to")
        : (scale_.estimated ? tr("Estimated share of all kernels, %, up to")
                            : tr("Share of all kernels, %, up to"));
    p.setPen(theme_.color(QStringLiteral("text.2")));
    p.drawText(QRectF(x, 0, width(), height()), Qt::AlignVCenter, caption);
    x += p.fontMetrics().horizontalAdvance(caption) + 8;
    for (int step = 0; scale_.top > 0 && step < kSteps; ++step) {
        const QColor fill = theme_.color(QStringLiteral("heat%1").arg(step));
        const QRectF box = swatch(x, kSwatchWidth);
        p.fillRect(box, fill);
        p.setPen(theme_.textOn(fill));
        const double share = double(step + 1) / kSteps; // the scale is by square root
        p.drawText(box, Qt::AlignCenter, formatMs(scale_.top * share * share));
        x += box.width();
    }
    return x + 20;
}

double LegendBar::paintDelta(QPainter &p, double x) const
{
    const QString caption
        = scale_.estimated ? tr("Estimated after − before, ms") : tr("After − before, ms");
    p.setPen(theme_.color(QStringLiteral("text.2")));
    p.drawText(QRectF(x, 0, width(), height()), Qt::AlignVCenter, caption);
    x += p.fontMetrics().horizontalAdvance(caption) + 8;
    for (const auto &[token, value] : {std::pair("before.mark", formatSigned(-scale_.top)),
                                       std::pair("raised", QStringLiteral("0")),
                                       std::pair("after.mark", formatSigned(scale_.top))}) {
        const QColor fill = theme_.color(QString::fromLatin1(token));
        const QRectF box = swatch(x, kSwatchWidth + 8);
        p.fillRect(box, fill);
        p.setPen(theme_.textOn(fill));
        p.drawText(box, Qt::AlignCenter, value);
        x += box.width();
    }
    return x + 20;
}

double LegendBar::paintChanges(QPainter &p, double x)
{
    static const char *const kNames[] = {"", "same", "changed", "fused", "added", "removed"};
    places_.clear();
    for (const auto &[change, count, word] :
         {std::tuple(Change::Fused, changes_->fused, tr("fused")),
          std::tuple(Change::Removed, changes_->removed, tr("removed")),
          std::tuple(Change::Added, changes_->added, tr("added")),
          std::tuple(Change::Changed, changes_->changed, tr("changed")),
          std::tuple(Change::Same, changes_->same, tr("the same"))}) {
        const double size = scaledPx(14);
        paintChange(p, QRectF(x, (height() - size) / 2, size, size), theme_, change);
        const QString text = QStringLiteral("%1 %2").arg(count).arg(word);
        p.setPen(theme_.color(QStringLiteral("text.2")));
        p.drawText(QRectF(x + size + 4, 0, width(), height()), Qt::AlignVCenter, text);
        const double wide = p.fontMetrics().horizontalAdvance(text) + size + 18;
        places_.append(
            {QRectF(x, 0, wide - 8, height()), QString::fromLatin1(kNames[int(change)])});
        x += wide;
    }
    return x;
}

void LegendBar::mousePressEvent(QMouseEvent *event)
{
    for (const auto &[box, name] : places_)
        if (changes_ && box.contains(event->position()))
            emit changeChosen(name);
}

void LegendBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        setFixedHeight(scaledPx(kHeight));
}

void LegendBar::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.fillRect(rect(), theme_.color(QStringLiteral("panel")));
    p.setPen(theme_.color(QStringLiteral("line")));
    p.drawLine(0, 0, width(), 0);
    QFont small = font();
    small.setPixelSize(scaledPx(kText));
    p.setFont(small);
    double x
        = scale_.kind == HeatKind::Delta && scale_.top > 0 ? paintDelta(p, 10) : paintHeat(p, 10);
    if (changes_) {
        paintChanges(p, x);
        return;
    }
    for (int f = 0; f < 6; ++f) {
        const QString name = nameOf(Family(f));
        const double wide = p.fontMetrics().horizontalAdvance(name) + 24;
        if (x + wide > width())
            break;
        p.fillRect(QRectF(x, (height() - scaledPx(12)) / 2.0, 4, scaledPx(12)),
                   theme_.color(QStringLiteral("cat%1").arg(f + 1)));
        p.setPen(theme_.color(QStringLiteral("text.2")));
        p.drawText(QRectF(x + 8, 0, wide, height()), Qt::AlignVCenter, name);
        x += wide;
    }
}

} // namespace kasuri::app
