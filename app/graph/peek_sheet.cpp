#include "app/graph/peek_sheet.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "app/graph/change_symbol.h"
#include "app/graph/graph_painter.h"
#include "app/style/font_scale.h"

namespace kasuri::app {
namespace {

constexpr int kHeader = 28, kGap = 48, kLeast = 260, kMargin = 10, kClose = 26;

} // namespace

PeekSheet::PeekSheet(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setAccessibleName(tr("Source operators"));
    setCursor(Qt::ArrowCursor);
    hide();
}

void PeekSheet::present(const QString &title, const QString &times, GeometryPointer sources)
{
    title_ = title;
    times_ = times;
    graph_ = std::move(sources);
    QStringList names{title};
    for (const GraphItem &item : graph_->items)
        names << item.title;
    setAccessibleDescription(names.join(QStringLiteral(", ")));
    show();
    raise();
    update();
}

void PeekSheet::standBeside(const QRectF &card)
{
    if (!graph_)
        return;
    const QRect room = parentWidget()->rect().adjusted(kMargin, kMargin, -kMargin, -kMargin);
    const double right = room.right() - card.right(), left = card.left() - room.left();
    const int most = int(std::max(right, left)) - kGap;
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    const int words = QFontMetrics(strong).horizontalAdvance(title_)
        + QFontMetrics(font()).horizontalAdvance(times_) + 2 * kClose + 50;
    const QSize size(
        std::clamp(std::max(int(graph_->bounds.width() * fontScale()), words), kLeast,
                   std::max(kLeast, most)),
        std::clamp(int(graph_->bounds.height() * fontScale()) + kHeader, 120, room.height()));
    const double x = right >= left ? card.right() + kGap : card.left() - kGap - size.width();
    const double y = card.center().y() - size.height() / 2.0;
    const QRect place(QPoint(int(x), int(y)), size);
    move(std::clamp(place.left(), room.left(), std::max(room.left(), room.right() - size.width())),
         std::clamp(place.top(), room.top(), std::max(room.top(), room.bottom() - size.height())));
    resize(size);
}

double PeekSheet::fitted() const
{
    return std::min({fontScale(), width() / graph_->bounds.width(),
                     (height() - kHeader) / graph_->bounds.height()});
}

void PeekSheet::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.fillRect(rect(), theme_.color(QStringLiteral("canvas")));
    const QRectF head(0, 0, width(), kHeader);
    p.fillRect(head, theme_.color(QStringLiteral("row.selected")));
    p.setPen(theme_.color(QStringLiteral("focus")));
    p.drawRect(rect().adjusted(0, 0, -1, -1));
    paintChange(p, QRectF(8, 7, 14, 14), theme_, Change::Fused);
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    p.setFont(strong);
    p.setPen(theme_.color(QStringLiteral("text")));
    const int times = times_.isEmpty() ? 0 : QFontMetrics(font()).horizontalAdvance(times_) + 12;
    const QRectF words = head.adjusted(30, 0, -kClose - times, 0);
    p.drawText(words, Qt::AlignVCenter,
               p.fontMetrics().elidedText(title_, Qt::ElideRight, int(words.width())));
    p.drawText(QRectF(width() - kClose, 0, kClose, kHeader), Qt::AlignCenter, QStringLiteral("×"));
    p.setFont(font());
    p.drawText(head.adjusted(0, 0, -kClose - 4, 0), Qt::AlignRight | Qt::AlignVCenter, times_);
    if (!graph_)
        return;
    const double scale = fitted();
    p.setClipRect(rect().adjusted(1, kHeader, -1, -1));
    p.translate((width() - graph_->bounds.width() * scale) / 2 - graph_->bounds.left() * scale,
                kHeader - graph_->bounds.top() * scale);
    p.scale(scale, scale);
    GraphPainter(theme_, font(), fontScale())
        .paint(p, *graph_, GraphMarks{}, graph_->bounds, scale);
}

void PeekSheet::mousePressEvent(QMouseEvent *event)
{
    const QPointF at = event->position();
    if (at.y() < kHeader) {
        if (at.x() > width() - kClose)
            hide();
        return;
    }
    const double scale = fitted();
    const QPointF scene((at.x() - (width() - graph_->bounds.width() * scale) / 2) / scale
                            + graph_->bounds.left(),
                        (at.y() - kHeader) / scale + graph_->bounds.top());
    for (const GraphItem &item : graph_->items)
        if (item.rect.contains(scene) && !item.operators.isEmpty())
            emit operatorChosen(item.operators.first());
}

} // namespace kasuri::app
