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
constexpr double kBytesNoise = 0.005;
constexpr double kWaterfallWidth = 330, kRoomForWaterfall = 1400;

QString arrowed(const QString &verdict)
{
    if (verdict == QLatin1String("faster"))
        return VerdictHeader::tr("▼ Faster");
    if (verdict == QLatin1String("slower"))
        return VerdictHeader::tr("▲ Slower");
    if (verdict == QLatin1String("same"))
        return VerdictHeader::tr("= Same");
    return VerdictHeader::tr("? Undecided");
}

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

VerdictHeader::Cell VerdictHeader::latencyCell() const
{
    Cell cell;
    cell.label = tr("Latency   median of paired blocks");
    cell.unit = tr("ms");
    if (!state_.comparison) {
        cell.before = QStringLiteral("–");
        const bool working = state_.phase == VerdictState::Phase::Measuring
            || state_.phase == VerdictState::Phase::Opening;
        cell.detail = working ? state_.message : tr("not measured yet: F5");
        if (state_.estimate) {
            cell.before = QStringLiteral("≈ ") + formatMs(state_.estimate->first);
            cell.after = formatMs(state_.estimate->second);
            if (!working)
                cell.detail = tr("estimated, not measured yet: F5");
        }
        return cell;
    }
    const LatencyResult &l = state_.comparison->latency;
    cell.before = formatMs(l.beforeMs);
    if (state_.comparison->fidelity == QLatin1String("broken")) {
        cell.stamp = tr("× Outputs differ");
        cell.kind = Cell::Stamp::Error;
        cell.detail = tr("no verdict on times while the outputs differ");
        return cell;
    }
    cell.after = formatMs(l.afterMs);
    const bool real = l.verdict == QLatin1String("faster") || l.verdict == QLatin1String("slower");
    cell.stamp = arrowed(l.verdict);
    cell.kind = real                         ? Cell::Stamp::Filled
        : l.verdict == QLatin1String("same") ? Cell::Stamp::Outline
                                             : Cell::Stamp::Dashed;
    if (state_.phase == VerdictState::Phase::Stale) {
        cell.stamp = tr("~ Recipe changed");
        cell.kind = Cell::Stamp::Dashed;
    } else if (state_.comparison->partial) {
        cell.stamp = tr("– Partial, %n blocks", nullptr, state_.comparison->blocks);
        cell.kind = Cell::Stamp::Dashed;
    }
    if (state_.phase == VerdictState::Phase::Measuring) {
        cell.detail = state_.message;
        return cell;
    }
    if (state_.phase == VerdictState::Phase::Stale) {
        cell.detail = tr("measured with %1; F5 measures again").arg(state_.measuredRecipe);
        return cell;
    }
    const QString interval
        = tr("99 %  %1 … %2")
              .arg(formatSignedPercent(l.ratioLow - 1), formatSignedPercent(l.ratioHigh - 1));
    cell.detail = real ? formatSignedPercent(l.ratio - 1) + QStringLiteral("   ")
            + formatSigned(l.afterMs - l.beforeMs) + tr(" ms   ") + interval
                       : interval;
    return cell;
}

VerdictHeader::Cell VerdictHeader::arenaCell() const
{
    Cell cell;
    cell.label = tr("Planned arena   peak");
    cell.unit = tr("MiB");
    if (!state_.before)
        return cell;
    const double before = double(state_.before->memory.arenaBytes);
    cell.before = formatMiB(before);
    cell.detail
        = tr("lower bound %1").arg(formatMiB(double(state_.before->memory.lowerBoundBytes)));
    if (!state_.after)
        return cell;
    const double after = double(state_.after->memory.arenaBytes);
    cell.after = formatMiB(after);
    const double change = before > 0 ? after / before - 1 : 0;
    const bool same = std::abs(change) < kBytesNoise;
    cell.stamp = same ? tr("= Same") : change < 0 ? tr("▼ Less") : tr("▲ More");
    cell.kind = same ? Cell::Stamp::Outline : Cell::Stamp::Filled;
    cell.detail = (same ? QString() : formatSignedPercent(change) + QStringLiteral("   "))
        + tr("lower bound %1").arg(formatMiB(double(state_.after->memory.lowerBoundBytes)));
    return cell;
}

VerdictHeader::Cell VerdictHeader::processCell() const
{
    Cell cell;
    cell.label = tr("Process RSS   peak");
    cell.unit = tr("MiB");
    cell.before = QStringLiteral("–");
    if (!state_.comparison || !state_.comparison->rssBefore || !state_.comparison->rssAfter)
        return cell;
    const double before = double(*state_.comparison->rssBefore),
                 after = double(*state_.comparison->rssAfter);
    cell.before = formatMiB(before);
    cell.after = formatMiB(after);
    const double change = after / before - 1;
    const bool same = std::abs(change) <= 0.02;
    cell.stamp = same ? tr("= Same") : change < 0 ? tr("▼ Less") : tr("▲ More");
    cell.kind = same ? Cell::Stamp::Outline : Cell::Stamp::Filled;
    cell.detail = same ? tr("inside the threshold ±2 %") : formatSignedPercent(change);
    return cell;
}

VerdictHeader::Cell VerdictHeader::outputsCell() const
{
    Cell cell;
    cell.label = tr("Outputs");
    if (state_.phase == VerdictState::Phase::Failed) {
        cell.stamp = tr("× Failed");
        cell.kind = Cell::Stamp::Error;
        cell.detail = state_.message;
        return cell;
    }
    if (!state_.comparison) {
        cell.detail = tr("unchecked");
        return cell;
    }
    const ComparisonInfo &c = *state_.comparison;
    const bool broken = c.fidelity == QLatin1String("broken");
    const bool unchecked = c.fidelity == QLatin1String("unchecked");
    cell.stamp = broken                        ? tr("× Outputs differ")
        : unchecked                            ? tr("? Unchecked")
        : c.fidelity == QLatin1String("equal") ? tr("✓ Equal")
                                               : tr("✓ Within tolerance");
    cell.kind = broken ? Cell::Stamp::Error
        : unchecked    ? Cell::Stamp::Dashed
                       : Cell::Stamp::Outline;
    cell.detail
        = tr("%1 of %1 checked   max abs %2").arg(c.outputsChecked).arg(c.maxAbs, 0, 'e', 1);
    if (c.outputsChecked == 0)
        cell.detail = tr("not compared");
    if (!c.requirements.isEmpty()) {
        const auto met = std::count_if(c.requirements.begin(), c.requirements.end(),
                                       [](const RequirementResult &r) { return r.met; });
        cell.detail = (met == c.requirements.size() ? tr("✓ %1 of %2 requirements met")
                                                    : tr("× %1 of %2 requirements met"))
                          .arg(met)
                          .arg(c.requirements.size())
            + QStringLiteral("   ") + cell.detail;
    }
    return cell;
}

QVector<VerdictHeader::Cell> VerdictHeader::cells() const
{
    return {latencyCell(), arenaCell(), processCell(), outputsCell()};
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
        lines << tr("Effect of each pass: %1").arg(waterfallText(*state_.comparison));
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
        paintCell(p, QRectF(x, 0, cellWidth, height()).adjusted(14, 8, -12, -8), all[i],
                  i == 0 ? 24 : 20);
        x += cellWidth;
    }
    if (waterfallWidth() > 0) {
        p.setPen(theme_.color(QStringLiteral("line")));
        p.drawLine(QPointF(x, 0), QPointF(x, height()));
        p.setFont(font());
        paintWaterfall(p, QRectF(x, 0, waterfallWidth(), height()).adjusted(14, 6, -12, -4), theme_,
                       *state_.comparison);
    }
    if (state_.phase == VerdictState::Phase::Measuring)
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
