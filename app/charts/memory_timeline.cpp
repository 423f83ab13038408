#include "app/charts/memory_timeline.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kLeft = 46, kRight = 112, kTop = 12, kBottom = 24;

/// A round upper end of the axis: 1, 2 or 5 times a power of ten.
double niceCeiling(double value)
{
    const double base = std::pow(10, std::floor(std::log10(std::max(value, 1e-6))));
    for (double step : {1.0, 2.0, 5.0, 10.0})
        if (step * base >= value)
            return step * base;
    return value;
}

} // namespace

MemoryTimeline::MemoryTimeline(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMinimumHeight(140);
    setAccessibleName(tr("Memory timeline"));
}

void MemoryTimeline::setPlans(std::shared_ptr<const PlanInfo> before,
                              std::shared_ptr<const PlanInfo> after)
{
    before_ = std::move(before);
    after_ = std::move(after);
    marked_.clear();
    step_ = -1;
    qint64 most = 1;
    for (const auto &plan : {before_, after_})
        if (plan)
            most = std::max(most, plan->memory.arenaBytes);
    top_ = niceCeiling(double(most) / 1048576.0) * 1048576.0;
    moveToPeak();
    update();
}

void MemoryTimeline::moveToPeak()
{
    const PlanInfo *plan = front();
    if (!plan || plan->memory.liveBytes.isEmpty())
        return;
    const auto &live = plan->memory.liveBytes;
    moveTo(int(std::max_element(live.begin(), live.end()) - live.begin()));
}

void MemoryTimeline::selectOperators(const QStringList &operators)
{
    marked_.clear();
    const QSet<QString> wanted(operators.begin(), operators.end());
    if (const PlanInfo *plan = front())
        for (int s = 0; s < plan->steps.size(); ++s)
            for (const QString &node : plan->steps[s].sources)
                if (wanted.contains(node)) {
                    marked_.append(s);
                    break;
                }
    update();
}

QRectF MemoryTimeline::plot() const
{
    return QRectF(rect()).adjusted(kLeft, kTop, -kRight, -kBottom);
}

double MemoryTimeline::xOf(int step, const PlanInfo &plan) const
{
    const int count = std::max<int>(1, int(plan.memory.liveBytes.size()));
    return plot().left() + plot().width() * step / count;
}

double MemoryTimeline::yOf(double bytes) const
{
    return plot().bottom() - plot().height() * bytes / top_;
}

QPolygonF MemoryTimeline::outline(const PlanInfo &plan) const
{
    QPolygonF line;
    const auto &live = plan.memory.liveBytes;
    for (int s = 0; s < live.size(); ++s) {
        line << QPointF(xOf(s, plan), yOf(double(live[s])));
        line << QPointF(xOf(s + 1, plan), yOf(double(live[s])));
    }
    return line;
}

void MemoryTimeline::paintSide(QPainter &p, const PlanInfo &plan, const QString &side,
                               double width) const
{
    const QPolygonF line = outline(plan);
    if (line.isEmpty())
        return;
    if (side == QLatin1String("after") || !after_) {
        QPolygonF area = line;
        area << QPointF(line.last().x(), plot().bottom())
             << QPointF(line.first().x(), plot().bottom());
        p.setPen(Qt::NoPen);
        p.setBrush(theme_.color(side + QStringLiteral(".soft")));
        p.drawPolygon(area);
    }
    p.setBrush(Qt::NoBrush);
    p.setPen(QPen(theme_.color(side + QStringLiteral(".mark")), width));
    p.drawPolyline(line);
    QPen peak(theme_.color(side), 1);
    peak.setDashPattern({6, 3});
    p.setPen(peak);
    const auto &live = plan.memory.liveBytes;
    const double y = yOf(double(*std::max_element(live.begin(), live.end())));
    p.drawLine(QPointF(plot().left(), y), QPointF(plot().right(), y));
}

void MemoryTimeline::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.fillRect(rect(), theme_.color(QStringLiteral("canvas")));
    if (!front()) {
        p.setPen(theme_.color(QStringLiteral("text.2")));
        p.drawText(rect(), Qt::AlignCenter, tr("No plan yet. Open a model: Ctrl+O."));
        return;
    }
    p.setPen(theme_.color(QStringLiteral("line")));
    for (int k = 0; k <= 4; ++k)
        p.drawLine(QPointF(plot().left(), yOf(top_ * k / 4)),
                   QPointF(plot().right(), yOf(top_ * k / 4)));
    for (int s : marked_)
        p.fillRect(QRectF(xOf(s, *front()), plot().top(),
                          std::max(2.0, xOf(1, *front()) - xOf(0, *front())), plot().height()),
                   theme_.color(QStringLiteral("row.selected")));
    p.setRenderHint(QPainter::Antialiasing);
    if (after_)
        paintSide(p, *after_, QStringLiteral("after"), 1.75);
    if (before_)
        paintSide(p, *before_, QStringLiteral("before"), 1.5);
    QPen bound(theme_.color(QStringLiteral("text.3")), 1, Qt::DotLine);
    p.setPen(bound);
    const double y = yOf(double(front()->memory.lowerBoundBytes));
    p.drawLine(QPointF(plot().left(), y), QPointF(plot().right(), y));
    paintLabels(p);
    paintCursor(p);
}

void MemoryTimeline::paintLabels(QPainter &p) const
{
    QFont small = font();
    small.setPixelSize(11);
    p.setFont(small);
    p.setPen(theme_.color(QStringLiteral("text.2")));
    for (int k = 0; k <= 4; ++k)
        p.drawText(QRectF(0, yOf(top_ * k / 4) - 8, kLeft - 6, 16),
                   Qt::AlignRight | Qt::AlignVCenter, formatMiB(top_ * k / 4));
    p.drawText(QRectF(plot().left(), plot().bottom() + 4, plot().width(), 18), Qt::AlignRight,
               tr("x: steps in run order · y: MiB of the planned arena"));
    struct Label {
        QString text;
        QString token;
        double y;
    };
    QVector<Label> labels;
    if (before_)
        labels.append({tr("before, peak %1").arg(formatMiB(double(before_->memory.arenaBytes))),
                       QStringLiteral("before"), yOf(double(before_->memory.arenaBytes))});
    if (after_)
        labels.append({tr("after, peak %1").arg(formatMiB(double(after_->memory.arenaBytes))),
                       QStringLiteral("after"), yOf(double(after_->memory.arenaBytes))});
    labels.append({tr("lower bound %1").arg(formatMiB(double(front()->memory.lowerBoundBytes))),
                   QStringLiteral("text.2"), yOf(double(front()->memory.lowerBoundBytes))});
    std::stable_sort(labels.begin(), labels.end(),
                     [](const Label &a, const Label &b) { return a.y < b.y; });
    double last = -100;
    for (Label &label : labels) {
        label.y = std::max(label.y, last + 15);
        last = label.y;
        p.setPen(theme_.color(label.token));
        p.drawText(QRectF(plot().right() + 6, label.y - 8, kRight - 8, 16),
                   Qt::AlignLeft | Qt::AlignVCenter, label.text);
    }
}

void MemoryTimeline::paintCursor(QPainter &p) const
{
    if (step_ < 0 || step_ >= front()->memory.liveBytes.size())
        return;
    const double x = (xOf(step_, *front()) + xOf(step_ + 1, *front())) / 2;
    p.setPen(theme_.color(QStringLiteral("text")));
    p.drawLine(QPointF(x, plot().top()), QPointF(x, plot().bottom()));
    const QString where = step_ < front()->steps.size() ? front()->steps[step_].name : QString();
    const QString value = tr("%1 MiB").arg(formatMiB(double(front()->memory.liveBytes[step_])));
    const QFontMetricsF metrics(p.font());
    const QString shown = metrics.elidedText(where, Qt::ElideMiddle, 190);
    const double width
        = std::max(metrics.horizontalAdvance(shown), metrics.horizontalAdvance(value)) + 16;
    QRectF box(x + 8, plot().top() + 4, width, 36);
    if (box.right() > plot().right())
        box.moveRight(x - 8);
    p.setPen(theme_.color(QStringLiteral("line.strong")));
    p.setBrush(theme_.color(QStringLiteral("raised")));
    p.drawRoundedRect(box, 3, 3);
    p.setPen(theme_.color(QStringLiteral("text")));
    p.drawText(box.adjusted(8, 3, -8, -18), Qt::AlignVCenter, shown);
    p.setPen(theme_.color(after_ ? QStringLiteral("after") : QStringLiteral("before")));
    p.drawText(box.adjusted(8, 18, -8, -2), Qt::AlignVCenter, value);
}

void MemoryTimeline::moveTo(int step)
{
    if (!front() || front()->memory.liveBytes.isEmpty())
        return;
    step_ = std::clamp(step, 0, int(front()->memory.liveBytes.size()) - 1);
    emit stepChosen(step_);
    update();
}

void MemoryTimeline::mousePressEvent(QMouseEvent *event)
{
    if (front())
        moveTo(int((event->position().x() - plot().left()) / plot().width()
                   * double(front()->memory.liveBytes.size())));
}

void MemoryTimeline::mouseMoveEvent(QMouseEvent *event)
{
    mousePressEvent(event);
}

void MemoryTimeline::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
        return moveTo(step_ - 1);
    case Qt::Key_Right:
        return moveTo(step_ + 1);
    case Qt::Key_Home:
        return moveTo(0);
    case Qt::Key_End:
        return moveTo(INT_MAX);
    case Qt::Key_P:
        return moveToPeak();
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace kasuri::app
