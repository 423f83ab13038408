#include "app/graph/change_symbol.h"

#include <QPainter>
#include <QPainterPath>

namespace kasuri::app {
namespace {

QPainterPath pathOf(Change change)
{
    QPainterPath path;
    switch (change) {
    case Change::None:
        break;
    case Change::Fused: // three threads join into one
        for (double x : {3.5, 7.0, 10.5}) {
            path.moveTo(x, 3);
            path.cubicTo(x, 7, 7, 6, 7, 9);
        }
        path.moveTo(7, 9);
        path.lineTo(7, 11.5);
        break;
    case Change::Added:
        path.moveTo(7, 3.5);
        path.lineTo(7, 10.5);
        [[fallthrough]];
    case Change::Removed:
        path.moveTo(3.5, 7);
        path.lineTo(10.5, 7);
        break;
    case Change::Changed:
        path.moveTo(3, 8);
        path.cubicTo(5, 4.5, 6, 4.5, 7, 7);
        path.cubicTo(8, 9.5, 9, 9.5, 11, 6);
        break;
    case Change::Same:
        for (double y : {5.5, 8.5}) {
            path.moveTo(4, y);
            path.lineTo(10, y);
        }
        break;
    }
    return path;
}

QString tokenOf(Change change)
{
    if (change == Change::Removed)
        return QStringLiteral("before");
    return change == Change::Same ? QStringLiteral("text.2") : QStringLiteral("after");
}

} // namespace

void paintChange(QPainter &painter, const QRectF &square, const Theme &theme, Change change)
{
    if (change == Change::None)
        return;
    painter.save();
    painter.translate(square.topLeft());
    painter.scale(square.width() / 14, square.height() / 14);
    const QColor ink = theme.color(tokenOf(change));
    painter.setPen(QPen(ink, 1));
    painter.setBrush(theme.color(QStringLiteral("raised")));
    painter.drawRoundedRect(QRectF(0.5, 0.5, 13, 13), 2, 2);
    painter.setPen(QPen(ink, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(pathOf(change));
    painter.restore();
}

} // namespace kasuri::app
