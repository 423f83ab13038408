#include "app/models/twin_model.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "app/models/csv_field.h"
#include "app/session/units.h"

namespace kasuri::app {

void TwinModel::setTwin(Twin twin)
{
    beginResetModel();
    twin_ = std::move(twin);
    arrange();
    endResetModel();
}

int TwinModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(order_.size());
}

int TwinModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(twin_.columns.size());
}

QString TwinModel::text(const Twin::Row &row, int column) const
{
    const QVariant &cell = row.cells[column];
    if (!cell.isValid())
        return QStringLiteral("–");
    return twin_.columns[column].kind == Twin::Kind::Ms ? formatMs(cell.toDouble())
                                                        : cell.toString();
}

QVariant TwinModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(at(index.row()), index.column());
    case Qt::ToolTipRole:
        return numeric(index.column()) ? QVariant() : text(at(index.row()), index.column());
    case Qt::TextAlignmentRole:
        return int((numeric(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant TwinModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section >= twin_.columns.size())
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((numeric(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return role == Qt::DisplayRole ? QVariant(twin_.columns[section].head) : QVariant();
}

void TwinModel::sort(int column, Qt::SortOrder order)
{
    emit layoutAboutToBeChanged();
    const QVector<int> old = order_;
    sorted_ = column;
    direction_ = order;
    arrange();
    QVector<int> place(order_.size());
    for (int r = 0; r < order_.size(); ++r)
        place[order_[r]] = r;
    const QModelIndexList from = persistentIndexList();
    QModelIndexList to;
    for (const QModelIndex &was : from)
        to << index(place[old[was.row()]], was.column());
    changePersistentIndexList(from, to);
    emit layoutChanged();
}

void TwinModel::arrange()
{
    order_.resize(twin_.rows.size());
    std::iota(order_.begin(), order_.end(), 0);
    if (sorted_ < 0 || sorted_ >= twin_.columns.size())
        return;
    const bool falling = direction_ == Qt::DescendingOrder;
    const auto by = [&](const auto &keys) {
        std::stable_sort(order_.begin(), order_.end(), [&](int a, int b) {
            return falling ? keys[b] < keys[a] : keys[a] < keys[b];
        });
    };
    if (!numeric(sorted_)) {
        QStringList keys;
        for (const Twin::Row &row : std::as_const(twin_.rows))
            keys << row.cells[sorted_].toString();
        return by(keys);
    }
    QVector<double> keys;
    for (const Twin::Row &row : std::as_const(twin_.rows)) {
        const QVariant &cell = row.cells[sorted_];
        keys << (cell.isValid() ? cell.toDouble() : -std::numeric_limits<double>::infinity());
    }
    by(keys);
}

QString TwinModel::asTsv(const QVector<int> &rows) const
{
    QStringList lines, fields;
    for (const Twin::Column &column : twin_.columns)
        fields << column.head;
    lines << fields.join(QLatin1Char('\t'));
    for (const int row : rows) {
        fields.clear();
        for (int c = 0; c < twin_.columns.size(); ++c)
            fields << text(at(row), c);
        lines << fields.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

QString TwinModel::asCsv() const
{
    QString csv(QChar(0xFEFF));
    QStringList fields;
    const auto end = [&] {
        csv += fields.join(QLatin1Char(',')) + QStringLiteral("\r\n");
        fields.clear();
    };
    for (const Twin::Column &column : twin_.columns)
        fields << csvField(column.head);
    end();
    for (const int row : order_) {
        for (const QVariant &cell : twin_.rows[row].cells)
            fields << csvField(cell.typeId() == QMetaType::Double
                                   ? QString::number(cell.toDouble(), 'g', 12)
                                   : cell.toString());
        end();
    }
    return csv;
}

} // namespace kasuri::app
