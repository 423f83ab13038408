#include "app/panels/history_button.h"

#include <QPainterPath>
#include <QStyleOptionToolButton>
#include <QStylePainter>

namespace kasuri::app {
namespace {

constexpr int kSide = 24;
constexpr double kIcon = 16, kStroke = 1.5;

} // namespace

HistoryButton::HistoryButton(Way way, QWidget *parent) : QToolButton(parent), way_(way)
{
    setFixedSize(kSide, kSide);
    setAutoRaise(true);
    setFocusPolicy(Qt::TabFocus);
}

void HistoryButton::paintEvent(QPaintEvent *)
{
    QStylePainter p(this);
    QStyleOptionToolButton option;
    initStyleOption(&option);
    option.text.clear();
    option.icon = QIcon();
    p.drawComplexControl(QStyle::CC_ToolButton, option);
    p.setRenderHint(QPainter::Antialiasing);
    p.translate(rect().center() + QPointF(0.5, 0.5));
    if (way_ == Way::Again)
        p.scale(-1, 1);
    p.translate(-kIcon / 2, -kIcon / 2);
    const QPalette::ColorGroup group = isEnabled() ? QPalette::Active : QPalette::Disabled;
    p.setPen(QPen(palette().color(group, QPalette::WindowText), kStroke, Qt::SolidLine,
                  Qt::RoundCap, Qt::RoundJoin));
    QPainterPath arrow(QPointF(6, 2.5));
    arrow.lineTo(2.5, 6);
    arrow.lineTo(6, 9.5);
    arrow.moveTo(2.5, 6);
    arrow.lineTo(9.5, 6);
    arrow.arcTo(QRectF(5.5, 6, 8, 7.5), 90, -180);
    arrow.lineTo(6, 13.5);
    p.drawPath(arrow);
}

} // namespace kasuri::app
