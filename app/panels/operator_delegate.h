#pragma once

#include <QStyledItemDelegate>

#include "app/style/theme.h"

namespace kasuri::app {

/// Rows of the operator table: a strip in the colour of the family, words of both sides in their
/// colours, the share as a bar.
class OperatorDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    OperatorDelegate(const Theme &theme, QObject *parent);

protected:
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    const Theme &theme_;
};

} // namespace kasuri::app
