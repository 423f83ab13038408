#pragma once

#include <QSet>
#include <QSortFilterProxyModel>

namespace kasuri::app {

/// Rows of the operator table that hold a text, or perform an operator whose name does, and, where
/// a range was taken, perform one of its operators.
class OperatorFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit OperatorFilter(QObject *parent = nullptr);
    void setWithin(const QStringList &operators); ///< empty: all

    void sort(int column, Qt::SortOrder order) override;
    /// Heads say themselves what rows are sorted by: an arrow drawn by the style covers their text.
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QSet<QString> within_;
};

} // namespace kasuri::app
