#include "app/panels/operator_delegate.h"

#include <QPainter>
#include <algorithm>

#include "app/models/operator_table_model.h"

namespace kasuri::app {
namespace {

constexpr double kStrip = 4, kStripLeft = 2, kStripMargin = 4, kBarHigh = 8, kBarLeft = 4;
constexpr int kNameIndent = 6, kNumberRoom = 40;

} // namespace

OperatorDelegate::OperatorDelegate(const Theme &theme, QObject *parent)
    : QStyledItemDelegate(parent), theme_(theme)
{
}

void OperatorDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const QString token = index.column() == OperatorTableModel::Before ? QStringLiteral("before")
        : index.column() == OperatorTableModel::After                  ? QStringLiteral("after")
                                                                       : QString();
    if (!token.isEmpty())
        for (const auto role : {QPalette::Text, QPalette::HighlightedText})
            option->palette.setColor(role, theme_.color(token));
}

void OperatorDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    QStyleOptionViewItem shown = option;
    const bool name = index.column() == OperatorTableModel::Name;
    if (name) {
        shown.rect.adjust(kNameIndent, 0, 0, 0);
        shown.textElideMode = Qt::ElideLeft; // names differ at their ends
    }
    QStyledItemDelegate::paint(painter, shown, index);
    const QRectF cell(option.rect);
    if (name) {
        const int family = index.data(OperatorTableModel::FamilyRole).toInt();
        painter->fillRect(QRectF(cell.left() + kStripLeft, cell.top() + kStripMargin, kStrip,
                                 cell.height() - 2 * kStripMargin),
                          theme_.color(QStringLiteral("cat%1").arg(family + 1)));
    }
    const double room = cell.width() - kNumberRoom - kBarLeft;
    if (index.column() != OperatorTableModel::Share || room <= 0)
        return;
    const double share = index.data(OperatorTableModel::ShareRole).toDouble();
    const QRectF bar(cell.left() + kBarLeft, cell.center().y() - kBarHigh / 2, room, kBarHigh);
    painter->fillRect(bar, theme_.color(QStringLiteral("row.hover")));
    painter->fillRect(QRectF(bar.topLeft(), QSizeF(room * std::clamp(share, 0.0, 1.0), kBarHigh)),
                      theme_.heat(share));
}

} // namespace kasuri::app
