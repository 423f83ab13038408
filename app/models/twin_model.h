#pragma once

#include <QAbstractTableModel>

#include "app/models/twin.h"

namespace kasuri::app {

/// A twin as sortable rows; tens of thousands are sorted within a turn of the event loop.
class TwinModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    /// Replaces the rows; they are sorted as before.
    void setTwin(Twin twin);
    const Twin::Row &at(int row) const { return twin_.rows[order_[row]]; }
    /// Heads and these rows as tab-separated text.
    QString asTsv(const QVector<int> &rows) const;
    /// For spreadsheets: UTF-8 with BOM, plain numbers in full precision, empty where unknown.
    QString asCsv() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// A column of -1: the order the rows were given in.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

private:
    QString text(const Twin::Row &row, int column) const;
    bool numeric(int column) const { return twin_.columns[column].kind != Twin::Kind::Text; }
    void arrange();

    Twin twin_;
    QVector<int> order_; ///< of the rows as shown
    int sorted_ = -1;
    Qt::SortOrder direction_ = Qt::AscendingOrder;
};

} // namespace kasuri::app
