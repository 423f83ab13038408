#include "app/graph/side_head.h"

#include <QEvent>
#include <QPainter>

#include "app/style/font_scale.h"

namespace kasuri::app {
namespace {

constexpr int kHeight = 28, kPad = 12, kGap = 12, kLine = 2;

} // namespace

SideHead::SideHead(const Theme &theme, Side side, QWidget *parent)
    : QWidget(parent), theme_(theme), side_(side)
{
    setFixedHeight(scaledPx(kHeight));
}

void SideHead::setWords(const QString &what, const QString &figures)
{
    what_ = what;
    figures_ = figures;
    const QString side = side_ == Side::Before ? tr("Before") : tr("After");
    setAccessibleName(QStringList{side, what, figures}.join(QStringLiteral(", ")));
    update();
}

void SideHead::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        setFixedHeight(scaledPx(kHeight));
}

void SideHead::paintEvent(QPaintEvent *)
{
    const bool before = side_ == Side::Before;
    QPainter p(this);
    p.fillRect(rect(), theme_.color(QStringLiteral("panel")));
    p.fillRect(0, 0, width(), kLine,
               theme_.color(before ? QStringLiteral("before.mark") : QStringLiteral("after.mark")));
    p.setPen(theme_.color(QStringLiteral("line")));
    p.drawLine(0, height() - 1, width(), height() - 1);
    const QColor ink = theme_.color(before ? QStringLiteral("before") : QStringLiteral("after"));
    const QRect line = rect().adjusted(kPad, kLine, -kPad, 0);
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    const QString side = before ? tr("Before") : tr("After");
    const int named = QFontMetrics(strong).horizontalAdvance(side) + kGap;
    const int counted = p.fontMetrics().horizontalAdvance(figures_);
    p.setFont(strong);
    p.setPen(ink);
    p.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, side);
    p.setFont(font());
    const int room = line.width() - named;
    if (counted < room)
        p.drawText(line, Qt::AlignRight | Qt::AlignVCenter, figures_);
    p.setPen(theme_.color(QStringLiteral("text.2")));
    const QRect middle = line.adjusted(named, 0, counted < room ? -counted - kGap : 0, 0);
    p.drawText(middle, Qt::AlignLeft | Qt::AlignVCenter,
               p.fontMetrics().elidedText(what_, Qt::ElideRight, middle.width()));
}

} // namespace kasuri::app
