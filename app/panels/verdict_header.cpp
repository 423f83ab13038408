#include "app/panels/verdict_header.h"

#include <QComboBox>
#include <QPainter>
#include <QPushButton>
#include <QThread>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/panels/waterfall.h"
#include "app/session/units.h"
#include "app/style/font_scale.h"

namespace kasuri::app {
namespace {

constexpr int kRunWidth = 150;
constexpr double kSameBand = 0.02, kAxisMargin = 1.15, kAxisWidth = 84, kAxisHeight = 10;
constexpr double kRoomForAxis = 360;
constexpr double kWaterfallWidth = 330, kRoomForWaterfall = 1400;

} // namespace

VerdictHeader::VerdictHeader(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setFixedHeight(88);
    setAccessibleName(tr("Verdict"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 0, 8);
    column->setSpacing(6);
    button_ = new QPushButton(this);
    button_->setFixedSize(kRunWidth - 16, 32);
    button_->setObjectName(QStringLiteral("measureButton"));
    button_->setProperty("look", QStringLiteral("main"));
    target_ = new QComboBox(this);
    target_->setFixedWidth(kRunWidth - 16);
    target_->setAccessibleName(tr("Runs on"));
    target_->setObjectName(QStringLiteral("targetBox"));
    for (int threads = 1; threads <= QThread::idealThreadCount(); ++threads)
        target_->addItem(threads == 1 ? tr("CPU · 1 thread") : tr("CPU · %1 threads").arg(threads));
    column->addWidget(button_);
    column->addWidget(target_);
    column->addStretch();
    connect(button_, &QPushButton::clicked, this, [this] {
        if (state_.phase == VerdictState::Phase::Measuring
            || state_.phase == VerdictState::Phase::Opening)
            emit cancelRequested();
        else
            emit measureRequested();
    });
    connect(target_, &QComboBox::activated, this,
            [this](int index) { emit threadsChosen(index + 1); });
    setState({});
}

void VerdictHeader::setState(VerdictState state)
{
    state_ = std::move(state);
    const bool measuring = state_.phase == VerdictState::Phase::Measuring
        || state_.phase == VerdictState::Phase::Opening;
    button_->setText(measuring ? tr("Cancel  Esc") : tr("Measure  F5"));
    button_->setEnabled(state_.phase != VerdictState::Phase::Empty);
    target_->setCurrentIndex(state_.threads - 1);
    target_->setEnabled(!measuring);
    setAccessibleDescription(plainText());
    update();
}

QVector<VerdictHeader::Cell> VerdictHeader::cells() const
{
    return {latencyCell(), arenaCell(), processCell(), outputsCell()};
}

/// Whether the ratio of the two sides is one of what is shown.
bool VerdictHeader::hasVerdict() const
{
    return state_.comparison && state_.phase == VerdictState::Phase::Measured
        && state_.comparison->fidelity != QLatin1String("broken");
}

double VerdictHeader::waterfallWidth() const
{
    const bool known = state_.comparison && !state_.comparison->effects.isEmpty()
        && state_.phase != VerdictState::Phase::Stale;
    return known && width() >= kRoomForWaterfall ? kWaterfallWidth : 0;
}

QString VerdictHeader::plainText() const
{
    QStringList lines;
    for (const Cell &c : cells())
        lines << QStringLiteral("%1: %2%3 %4 %5 %6")
                     .arg(c.label, c.before,
                          c.after.isEmpty() ? QString() : QStringLiteral(" → ") + c.after, c.unit,
                          c.stamp, c.detail)
                     .simplified();
    if (state_.comparison && !state_.comparison->effects.isEmpty())
        lines << tr("Effect of each pass: %1").arg(waterfallText(*state_.comparison))
              << waterfallReading();
    return lines.join(QLatin1Char('\n'));
}

void VerdictHeader::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    p.fillRect(rect(), theme_.color(QStringLiteral("panel")));
    p.setPen(theme_.color(QStringLiteral("line")));
    p.drawLine(0, height() - 1, width(), height() - 1);
    const QVector<Cell> all = cells();
    const double weights[] = {392, 272, 240, 200};
    const double free = width() - kRunWidth - waterfallWidth();
    double x = kRunWidth;
    for (int i = 0; i < all.size(); ++i) {
        const double cellWidth = free * weights[i] / (392 + 272 + 240 + 200);
        p.setPen(theme_.color(QStringLiteral("line")));
        p.drawLine(QPointF(x, 0), QPointF(x, height()));
        QRectF area = QRectF(x, 0, cellWidth, height()).adjusted(14, 8, -12, -8);
        paintCell(p, area, all[i], i == 0 ? 24 : 20);
        if (i == 0 && hasVerdict() && area.width() >= kRoomForAxis)
            paintAxis(
                p, QRectF(area.right() - kAxisWidth, area.bottom() - 14, kAxisWidth, kAxisHeight));
        x += cellWidth;
    }
    if (waterfallWidth() > 0) {
        p.setPen(theme_.color(QStringLiteral("line")));
        p.drawLine(QPointF(x, 0), QPointF(x, height()));
        p.setFont(font());
        paintWaterfall(p, QRectF(x, 0, waterfallWidth(), height()).adjusted(14, 6, -12, -4), theme_,
                       *state_.comparison);
    }
    if (state_.phase == VerdictState::Phase::Measuring
        || state_.phase == VerdictState::Phase::Opening)
        p.fillRect(QRectF(0, height() - 2, width() * state_.progress, 2),
                   theme_.color(QStringLiteral("accent.fill")));
}

void VerdictHeader::paintCell(QPainter &p, const QRectF &area, const Cell &cell,
                              double figure) const
{
    QFont small = font();
    small.setPixelSize(scaledPx(11));
    p.setFont(small);
    p.setPen(theme_.color(QStringLiteral("text.2")));
    p.drawText(QRectF(area.left(), area.top(), area.width(), 16), Qt::AlignLeft | Qt::AlignVCenter,
               QFontMetricsF(small).elidedText(cell.label, Qt::ElideRight, area.width()));
    double stampWidth = 0;
    if (!cell.stamp.isEmpty()) {
        QFont strong = font();
        strong.setPixelSize(scaledPx(12));
        strong.setWeight(QFont::DemiBold);
        stampWidth = QFontMetricsF(strong).horizontalAdvance(cell.stamp) + 18;
        const bool beside = !cell.before.isEmpty();
        paintStamp(p,
                   QRectF(beside ? area.right() - stampWidth : area.left(), area.top() + 22,
                          stampWidth, 22),
                   cell);
    }
    double x = area.left();
    const double room = area.width() - stampWidth - 30;
    QFont large = font();
    large.setWeight(QFont::DemiBold);
    const QString whole = cell.before + QStringLiteral(" → ") + cell.after;
    large.setPixelSize(scaledPx(int(figure)));
    while (large.pixelSize() > 13 && QFontMetricsF(large).horizontalAdvance(whole) > room)
        large.setPixelSize(large.pixelSize() - 1);
    const auto word = [&](const QString &text, const QString &token) {
        p.setPen(theme_.color(token));
        p.setFont(large);
        p.drawText(QPointF(x, area.top() + 40), text);
        x += QFontMetricsF(large).horizontalAdvance(text);
    };
    if (!cell.before.isEmpty()) {
        const bool stale = state_.phase == VerdictState::Phase::Stale;
        word(cell.before, stale ? QStringLiteral("text.2") : QStringLiteral("before"));
        if (!cell.after.isEmpty()) {
            word(QStringLiteral(" → "), QStringLiteral("text.2"));
            word(cell.after, stale ? QStringLiteral("text.2") : QStringLiteral("after"));
        }
        p.setFont(small);
        p.setPen(theme_.color(QStringLiteral("text.2")));
        p.drawText(QPointF(x + 5, area.top() + 40), cell.unit);
    }
    p.setFont(small);
    p.setPen(theme_.color(cell.kind == Cell::Stamp::Error ? QStringLiteral("error")
                                                          : QStringLiteral("text.2")));
    p.drawText(QRectF(area.left(), area.bottom() - 18, area.width(), 18),
               Qt::AlignLeft | Qt::AlignVCenter,
               QFontMetricsF(small).elidedText(cell.detail, Qt::ElideRight, area.width()));
}

/// The interval of the ratio on an axis around "no change", with the band that counts as the same.
void VerdictHeader::paintAxis(QPainter &p, const QRectF &area) const
{
    const LatencyResult &l = state_.comparison->latency;
    const double reach = std::max({std::abs(l.ratioLow - 1), std::abs(l.ratioHigh - 1),
                                   std::abs(l.ratio - 1), 2 * kSameBand})
        * kAxisMargin;
    const auto x = [&](double ratio) {
        return area.center().x() + std::clamp((ratio - 1) / reach, -1.0, 1.0) * area.width() / 2;
    };
    const double middle = std::floor(area.center().y()) + 0.5;
    p.fillRect(
        QRectF(QPointF(x(1 - kSameBand), area.top()), QPointF(x(1 + kSameBand), area.bottom())),
        theme_.color(QStringLiteral("row.selected")));
    p.setPen(QPen(theme_.color(QStringLiteral("line.strong")), 1));
    p.drawLine(QPointF(area.left(), middle), QPointF(area.right(), middle));
    p.drawLine(QPointF(x(1), area.top()), QPointF(x(1), area.bottom()));
    p.setPen(QPen(theme_.color(QStringLiteral("after.mark")), 2));
    p.drawLine(QPointF(x(l.ratioLow), middle), QPointF(x(l.ratioHigh), middle));
    p.setPen(QPen(theme_.color(QStringLiteral("text")), 2));
    p.drawLine(QPointF(x(l.ratio), area.top() + 2), QPointF(x(l.ratio), area.bottom() - 2));
}

void VerdictHeader::paintStamp(QPainter &p, const QRectF &area, const Cell &cell) const
{
    QFont strong = font();
    strong.setPixelSize(scaledPx(12));
    strong.setWeight(QFont::DemiBold);
    p.setFont(strong);
    const QColor text = theme_.color(cell.kind == Cell::Stamp::Error ? QStringLiteral("error")
                                                                     : QStringLiteral("text"));
    if (cell.kind == Cell::Stamp::Filled) {
        p.setPen(Qt::NoPen);
        p.setBrush(text);
        p.drawRoundedRect(area, 2, 2);
        p.setPen(theme_.color(QStringLiteral("window")));
    } else {
        QPen pen(text, 1, cell.kind == Cell::Stamp::Dashed ? Qt::DashLine : Qt::SolidLine);
        p.setPen(pen);
        p.setBrush(Qt::NoBrush);
        p.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
        p.setPen(text);
    }
    p.drawText(area, Qt::AlignCenter, cell.stamp);
}

} // namespace kasuri::app
