#include "app/panels/effect_delegate.h"

#include <QPainter>
#include <QStyle>
#include <QWidget>
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/models/pass_tree_model.h"

namespace kasuri::app {
namespace {

constexpr double kBar = 40, kLeast = 8, kLeft = 2, kGap = 6, kHigh = 9;
constexpr double kStampWide = 16, kStampHigh = 15;

/// The largest effect of all passes, so that bars can be compared.
double scaleOf(const QAbstractItemModel &model)
{
    double most = 0;
    for (int row = 0; row < model.rowCount(); ++row)
        for (const int role : {int(PassTreeModel::EstimateRole), int(PassTreeModel::MeasuredRole)})
            most = std::max(most, std::abs(model.index(row, 0).data(role).toDouble()));
    return most;
}

/// What the widest number and its margins leave of a cell.
double roomBeside(const QAbstractItemModel &model, const QModelIndex &index, const QFont &font,
                  double cell, int margin)
{
    const QFontMetricsF metrics(font);
    double widest = 0;
    for (int row = 0; row < model.rowCount(); ++row)
        widest = std::max(
            widest, metrics.horizontalAdvance(model.index(row, index.column()).data().toString()));
    return std::min(kBar, cell - widest - margin - kLeft - kGap);
}

} // namespace

EffectDelegate::EffectDelegate(const Theme &theme, QObject *parent)
    : QStyledItemDelegate(parent), theme_(theme)
{
}

void EffectDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (option->text.startsWith(QChar(0x00D7))) // what breaks outputs
        for (const auto role : {QPalette::Text, QPalette::HighlightedText})
            option->palette.setColor(role, theme_.color(QStringLiteral("error")));
}

void EffectDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    const QVariant estimate = index.data(PassTreeModel::EstimateRole),
                   measured = index.data(PassTreeModel::MeasuredRole);
    const double most = scaleOf(*index.model());
    if (most <= 0 || (!estimate.isValid() && !measured.isValid()))
        return;
    const QRectF cell(option.rect);
    const int margin = option.widget->style()->pixelMetric(QStyle::PM_FocusFrameHMargin) + 1;
    const double room = roomBeside(*index.model(), index, option.font, cell.width(), 2 * margin);
    if (room < kLeast)
        return;
    const auto bar = [&](double ms, double high) {
        const double wide = std::max(1.0, room * std::abs(ms) / most);
        return QRectF(cell.left() + kLeft + 0.5, std::floor(cell.center().y() - high / 2) + 0.5,
                      wide, high);
    };
    painter->save();
    if (measured.isValid()) {
        const bool less = measured.toDouble() < 0;
        painter->fillRect(
            bar(measured.toDouble(), kHigh - 4),
            theme_.color(less ? QStringLiteral("after.mark") : QStringLiteral("before.mark")));
    }
    if (estimate.isValid() && std::abs(estimate.toDouble()) > most * 0.01) {
        painter->setPen(theme_.color(QStringLiteral("line.strong")));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(bar(estimate.toDouble(), kHigh));
    }
    painter->restore();
}

FidelityDelegate::FidelityDelegate(const Theme &theme, QObject *parent)
    : QStyledItemDelegate(parent), theme_(theme)
{
}

void FidelityDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    QStyleOptionViewItem background(option);
    initStyleOption(&background, index);
    const QString sign = std::exchange(background.text, QString());
    option.widget->style()->drawControl(QStyle::CE_ItemViewItem, &background, painter,
                                        option.widget);
    if (sign.isEmpty())
        return;
    QRectF stamp(0, 0, kStampWide, kStampHigh);
    stamp.moveCenter(QRectF(option.rect).center());
    stamp.moveTopLeft({std::floor(stamp.left()) + 0.5, std::floor(stamp.top()) + 0.5});
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(theme_.color(QStringLiteral("line.strong")));
    painter->drawRoundedRect(stamp, 2, 2);
    painter->setPen(theme_.color(QStringLiteral("text.2")));
    painter->drawText(stamp, Qt::AlignCenter, sign);
    painter->restore();
}

} // namespace kasuri::app
