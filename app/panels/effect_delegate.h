#pragma once

#include <QStyledItemDelegate>

#include "app/style/theme.h"

namespace kasuri::app {

/// Draws what a pass brings: left of the number a bar, the estimate as outline, the measured effect
/// filled, all passes on one scale. Bars are as long as the widest number leaves room for.
class EffectDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    EffectDelegate(const Theme &theme, QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    const Theme &theme_;
};

/// Draws the sign of what a pass promises as a stamp.
class FidelityDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    FidelityDelegate(const Theme &theme, QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

private:
    const Theme &theme_;
};

} // namespace kasuri::app
