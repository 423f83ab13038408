#include "app/panels/effect_delegate.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "app/models/pass_tree_model.h"

namespace kasuri::app {
namespace {

constexpr double kBar = 32, kLeft = 2, kHigh = 9;

/// The largest effect of all passes, so that bars can be compared.
double scaleOf(const QAbstractItemModel &model)
{
    double most = 0;
    for (int row = 0; row < model.rowCount(); ++row)
        for (const int role : {int(PassTreeModel::EstimateRole), int(PassTreeModel::MeasuredRole)})
            most = std::max(most, std::abs(model.index(row, 0).data(role).toDouble()));
    return most;
}

} // namespace

EffectDelegate::EffectDelegate(const Theme &theme, QObject *parent)
    : QStyledItemDelegate(parent), theme_(theme)
{
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
    const auto bar = [&](double ms, double high) {
        const double wide = std::max(1.0, kBar * std::abs(ms) / most);
        return QRectF(cell.left() + kLeft + 0.5, std::floor(cell.center().y() - high / 2) + 0.5,
                      wide, high);
    };
    painter->save();
    if (measured.isValid()) {
        const bool less = measured.toDouble() < 0;
        painter->fillRect(
            bar(measured.toDouble(), kHigh - 4).adjusted(0, 0, 0, 0),
            theme_.color(less ? QStringLiteral("after.mark") : QStringLiteral("before.mark")));
    }
    if (estimate.isValid() && std::abs(estimate.toDouble()) > most * 0.01) {
        painter->setPen(theme_.color(QStringLiteral("line.strong")));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(bar(estimate.toDouble(), kHigh));
    }
    painter->restore();
}

} // namespace kasuri::app
