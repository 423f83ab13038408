#include "app/charts/pareto_chart.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kLeft = 76, kRight = 18, kTop = 30, kBottom = 26, kMark = 5, kReach = 10;
constexpr double kMargin = 0.08; ///< of the range, on either side

void drawDiamond(QPainter &p, const QPointF &at, double r)
{
    const QPointF corners[]
        = {at + QPointF(0, -r), at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0)};
    p.drawPolygon(corners, 4);
}

void drawCross(QPainter &p, const QPointF &at, double r)
{
    p.drawLine(at + QPointF(-r, -r), at + QPointF(r, r));
    p.drawLine(at + QPointF(-r, r), at + QPointF(r, -r));
}

} // namespace

ParetoChart::ParetoChart(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setMinimumSize(220, 120);
    setAccessibleName(tr("Latency against memory of the recipes tried"));
}

void ParetoChart::setTrials(const QVector<SearchTrial> &trials)
{
    trials_ = trials;
    bool first = true;
    int front = 0, shown = 0;
    for (const SearchTrial &trial : trials_) {
        if (!trial.measured())
            continue;
        const double bytes = double(trial.arenaBytes);
        ms_ = first ? Range{trial.ms, trial.ms}
                    : Range{std::min(ms_.low, trial.ms), std::max(ms_.high, trial.ms)};
        bytes_ = first ? Range{bytes, bytes}
                       : Range{std::min(bytes_.low, bytes), std::max(bytes_.high, bytes)};
        first = false;
        ++shown;
        front += trial.pareto ? 1 : 0;
    }
    setAccessibleDescription(
        tr("%1 recipes, %2 of them on the Pareto front").arg(shown).arg(front));
    current_ = std::min(current_, int(trials_.size()) - 1);
    update();
}

void ParetoChart::setCurrent(int trial)
{
    current_ = trial;
    update();
}

QRectF ParetoChart::plot() const
{
    return QRectF(rect()).adjusted(kLeft, kTop, -kRight, -kBottom);
}

std::optional<QPointF> ParetoChart::placeOf(int trial) const
{
    if (trial < 0 || trial >= trials_.size() || !trials_[trial].measured())
        return std::nullopt;
    const auto share = [](const Range &range, double value) {
        const double inside
            = range.high > range.low ? (value - range.low) / (range.high - range.low) : 0.5;
        return kMargin + inside * (1 - 2 * kMargin);
    };
    const QRectF area = plot();
    return QPointF(area.left() + share(ms_, trials_[trial].ms) * area.width(),
                   area.bottom()
                       - share(bytes_, double(trials_[trial].arenaBytes)) * area.height());
}

int ParetoChart::trialAt(const QPointF &point) const
{
    int best = -1;
    double nearest = kReach;
    for (int i = 0; i < trials_.size(); ++i) {
        const auto place = placeOf(i);
        const double away
            = place ? std::hypot(place->x() - point.x(), place->y() - point.y()) : 1e9;
        if (away < nearest) {
            nearest = away;
            best = i;
        }
    }
    return best;
}

void ParetoChart::mousePressEvent(QMouseEvent *event)
{
    if (const int trial = trialAt(event->position()); trial >= 0)
        emit chosen(trial);
}

bool ParetoChart::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int trial = trialAt(help->pos());
    if (trial < 0)
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(),
                           tr("%1\n%2 ms screened, arena %3")
                               .arg(trials_[trial].recipe, formatMs(trials_[trial].ms),
                                    formatBytes(trials_[trial].arenaBytes)));
    return true;
}

void ParetoChart::paintAxes(QPainter &p) const
{
    const QRectF area = plot();
    p.setPen(theme_.color(QStringLiteral("line.strong")));
    p.drawLine(area.topLeft(), area.bottomLeft());
    p.drawLine(area.bottomLeft(), area.bottomRight());
    p.setPen(theme_.color(QStringLiteral("text.2")));
    p.drawText(QRectF(8, 4, width() - 16, 20), Qt::AlignLeft | Qt::AlignVCenter,
               tr("◆ Pareto front   ○ other   □ searched from   × outputs differ   ◎ confirmed"));
    const QRectF below(area.left(), area.bottom() + 4, area.width(), kBottom - 6);
    const QRectF beside(2, area.top(), kLeft - 8, area.height());
    const bool wide = ms_.high > ms_.low, tall = bytes_.high > bytes_.low;
    p.drawText(below, Qt::AlignLeft | Qt::AlignVCenter, wide ? formatMs(ms_.low) : QString());
    p.drawText(below, Qt::AlignHCenter | Qt::AlignVCenter,
               wide ? tr("ms, screened") : tr("%1 ms, screened").arg(formatMs(ms_.low)));
    p.drawText(below, Qt::AlignRight | Qt::AlignVCenter, wide ? formatMs(ms_.high) : QString());
    p.drawText(beside, Qt::AlignRight | Qt::AlignTop,
               tall ? formatBytes(qint64(bytes_.high)) : QString());
    p.drawText(beside, Qt::AlignRight | Qt::AlignVCenter,
               tall ? tr("arena") : formatBytes(qint64(bytes_.low)));
    p.drawText(beside, Qt::AlignRight | Qt::AlignBottom,
               tall ? formatBytes(qint64(bytes_.low)) : QString());
}

/// Steps between the trials of the front, from the fastest to the smallest.
void ParetoChart::paintFront(QPainter &p) const
{
    QVector<QPointF> front;
    for (int i = 0; i < trials_.size(); ++i)
        if (trials_[i].pareto && placeOf(i))
            front.append(*placeOf(i));
    std::sort(front.begin(), front.end(),
              [](const QPointF &a, const QPointF &b) { return a.x() < b.x(); });
    p.setPen(QPen(theme_.color(QStringLiteral("after.mark")), 1, Qt::DashLine));
    for (int i = 1; i < front.size(); ++i) {
        const QPointF corner(front[i].x(), front[i - 1].y());
        p.drawLine(front[i - 1], corner);
        p.drawLine(corner, front[i]);
    }
}

void ParetoChart::paintTrial(QPainter &p, int index) const
{
    const auto place = placeOf(index);
    if (!place)
        return;
    const SearchTrial &trial = trials_[index];
    const QColor mark = theme_.color(QStringLiteral("after.mark"));
    p.setPen(QPen(mark, 1.5));
    p.setBrush(Qt::NoBrush);
    if (!trial.right) {
        p.setPen(QPen(theme_.color(QStringLiteral("error")), 2));
        drawCross(p, *place, kMark);
    } else if (trial.pareto) {
        p.setBrush(mark);
        drawDiamond(p, *place, kMark + 1);
    } else if (index > 0) {
        p.drawEllipse(*place, kMark, kMark);
    }
    p.setBrush(Qt::NoBrush);
    if (index == 0) {
        p.setPen(QPen(theme_.color(QStringLiteral("before.mark")), 2));
        p.drawRect(QRectF(place->x() - 8, place->y() - 8, 16, 16));
    }
    if (!trial.verdict.isEmpty()) {
        p.setPen(QPen(theme_.color(QStringLiteral("text")), 1));
        p.drawEllipse(*place, kMark + 5, kMark + 5);
    }
    if (index == current_) {
        p.setPen(QPen(theme_.color(QStringLiteral("focus")), 2));
        p.drawRect(QRectF(place->x() - 13, place->y() - 13, 26, 26));
    }
}

void ParetoChart::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.fillRect(rect(), theme_.color(QStringLiteral("canvas")));
    const bool any = std::any_of(trials_.begin(), trials_.end(),
                                 [](const SearchTrial &trial) { return trial.measured(); });
    if (!any) {
        p.setPen(theme_.color(QStringLiteral("text.2")));
        p.drawText(rect(), Qt::AlignCenter, tr("No recipe tried yet. F7 searches."));
        return;
    }
    p.setRenderHint(QPainter::Antialiasing);
    paintAxes(p);
    paintFront(p);
    for (int i = 0; i < trials_.size(); ++i)
        paintTrial(p, i);
}

} // namespace kasuri::app
