#include "app/models/operator_filter.h"

#include <algorithm>

#include "app/models/operator_table_model.h"

namespace kasuri::app {

OperatorFilter::OperatorFilter(QObject *parent) : QSortFilterProxyModel(parent)
{
    setSortRole(OperatorTableModel::SortRole);
    setFilterKeyColumn(-1);
    setFilterCaseSensitivity(Qt::CaseInsensitive);
}

void OperatorFilter::setWithin(const QStringList &operators)
{
    within_ = QSet<QString>(operators.begin(), operators.end());
    invalidateFilter();
}

void OperatorFilter::sort(int column, Qt::SortOrder order)
{
    QSortFilterProxyModel::sort(column, order);
    if (columnCount() > 0)
        emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
}

QVariant OperatorFilter::headerData(int section, Qt::Orientation orientation, int role) const
{
    const QVariant head = QSortFilterProxyModel::headerData(section, orientation, role);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section != sortColumn())
        return head;
    return head.toString()
        + (sortOrder() == Qt::AscendingOrder ? QStringLiteral(" ▴") : QStringLiteral(" ▾"));
}

bool OperatorFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QStringList operators = sourceModel()
                                      ->index(row, 0, parent)
                                      .data(OperatorTableModel::OperatorsRole)
                                      .toStringList();
    const auto named
        = [this](const QString &name) { return filterRegularExpression().match(name).hasMatch(); };
    if (!QSortFilterProxyModel::filterAcceptsRow(row, parent)
        && std::none_of(operators.begin(), operators.end(), named))
        return false;
    return within_.isEmpty()
        || std::any_of(operators.begin(), operators.end(),
                       [this](const QString &name) { return within_.contains(name); });
}

} // namespace kasuri::app
