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
    switch (element) {
    case PE_FrameTabBarBase: // Fusion draws it in white; the pane below brings its own line
        return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        return drawCheckBox(element, option, painter);
    case PE_PanelButtonCommand:
        return drawPressable(option, painter);
    case PE_FrameFocusRect:
        return drawFocus(option, painter);
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

/// A dotted ring inside, where keys moved the focus; Fusion fills what has it.
void WindowStyle::drawFocus(const QStyleOption *option, QPainter *painter) const
{
    if (!(option->state & State_KeyboardFocusChange))
        return;
    painter->save();
    painter->setPen(QPen(color("text"), 1, Qt::DotLine));
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(option->rect.adjusted(1, 1, -2, -2));
    painter->restore();
}

void WindowStyle::drawPressable(const QStyleOption *option, QPainter *painter) const
{
    const bool enabled = option->state & State_Enabled;
    const bool down = option->state & (State_Sunken | State_On);
    const bool hovered = enabled && option->state & State_MouseOver;
    const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
    if (button && button->features & QStyleOptionButton::Flat && !down && !hovered)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(color(!enabled                             ? "line"
                              : option->state & State_HasFocus ? "focus"
                                                               : "line.strong"));
    painter->setBrush(color(!enabled      ? "panel"
                                : down    ? "row.selected"
                                : hovered ? "row.hover"
                                          : "raised"));
    painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    painter->restore();
}

void WindowStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                                     QPainter *painter, const QWidget *widget) const
{
    if (control == CC_SpinBox) {
        QProxyStyle::drawComplexControl(control, option, painter, widget);
        painter->setPen(color(option->state & State_HasFocus ? "focus" : "line.strong"));
        painter->setBrush(Qt::NoBrush);
        return painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
    }
    const auto *box = qstyleoption_cast<const QStyleOptionComboBox *>(option);
    if (control != CC_ComboBox || !box || box->editable)
        return QProxyStyle::drawComplexControl(control, option, painter, widget);
    drawPressable(option, painter);
    const QRectF arrow(proxy()->subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget));
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color(option->state & State_Enabled ? "text.2" : "text.3"), 1.5,
                         Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF middle = arrow.center();
    const QPointF chevron[3]
        = {middle + QPointF(-3.5, -1.5), middle + QPointF(0, 2), middle + QPointF(3.5, -1.5)};
    painter->drawPolyline(chevron, 3);
    painter->restore();
}

void WindowStyle::drawCheckBox(PrimitiveElement element, const QStyleOption *option,
                               QPainter *painter) const
{
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
    painter->setPen(color(filled ? "accent.fill" : "line.strong"));
    painter->setBrush(color(filled ? "accent.fill" : "canvas"));
    painter->drawRoundedRect(box, kRadius, kRadius);
    const QColor ink = filled ? theme_.textOn(color("accent.fill")) : color("text.3");
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
        painter->setPen(QPen(color("focus"), 1));
        painter->drawRoundedRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), kRadius + 1, kRadius + 1);
    }
    painter->restore();
}

} // namespace kasuri::app
