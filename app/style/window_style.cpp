#include "app/style/window_style.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyleFactory>
#include <QStyleOption>
#include <algorithm>

namespace kasuri::app {
namespace {

constexpr double kSize = 13, kRadius = 2;

} // namespace

WindowStyle::WindowStyle(const Theme &theme)
    : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))), theme_(theme)
{
}

void WindowStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option,
                                QPainter *painter, const QWidget *widget) const
{
    if (element != PE_IndicatorCheckBox && element != PE_IndicatorItemViewItemCheck)
        return QProxyStyle::drawPrimitive(element, option, painter, widget);
    const bool on = option->state & State_On, some = option->state & State_NoChange;
    const bool enabled = option->state & State_Enabled;
    const double side
        = std::min({kSize, double(option->rect.width()), double(option->rect.height())});
    QRectF box(0, 0, side, side);
    box.moveCenter(QRectF(option->rect).center());
    box = QRectF(box.topLeft().toPoint(), box.size()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool filled = enabled && (on || some);
    painter->setPen(
        theme_.color(filled ? QStringLiteral("accent.fill") : QStringLiteral("line.strong")));
    painter->setBrush(
        theme_.color(filled ? QStringLiteral("accent.fill") : QStringLiteral("canvas")));
    painter->drawRoundedRect(box, kRadius, kRadius);
    const QColor ink = filled ? theme_.textOn(theme_.color(QStringLiteral("accent.fill")))
                              : theme_.color(QStringLiteral("text.3"));
    painter->setPen(QPen(ink, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->setBrush(Qt::NoBrush);
    const auto at = [&](double x, double y) {
        return QPointF(box.left() + x * box.width(), box.top() + y * box.height());
    };
    if (some) {
        painter->drawLine(at(0.25, 0.5), at(0.75, 0.5));
    } else if (on) {
        QPainterPath tick(at(0.22, 0.54));
        tick.lineTo(at(0.42, 0.74));
        tick.lineTo(at(0.78, 0.28));
        painter->drawPath(tick);
    }
    if (option->state & State_HasFocus && element == PE_IndicatorCheckBox) {
        painter->setPen(QPen(theme_.color(QStringLiteral("focus")), 1));
        painter->drawRoundedRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), kRadius + 1, kRadius + 1);
    }
    painter->restore();
}

} // namespace kasuri::app
