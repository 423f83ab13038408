#pragma once

#include <QTableWidget>

#include <span>

namespace kasuri::app {

/// Heads and rows as tab-separated text; of several selected rows only those.
QString tsvOf(const QTableWidget &table);

/// Columns from the first on this wide, or as wide as their heads in the window's language.
void setLeastWidths(QTableWidget &table, std::span<const int> widths);

/// A table of text rows as all lists of the window look: rows selected as a whole, no grid, rows of
/// 22 px, copies as tab-separated text.
class ListTable : public QTableWidget {
    Q_OBJECT
public:
    ListTable(const QStringList &heads, const QString &accessibleName, QWidget *parent = nullptr);

    /// Replaces the columns; the rows go.
    void setHeads(const QStringList &heads);
    /// Replaces all rows, keeping the current one where it still exists. Columns from
    /// `firstNumber` on are aligned right.
    void setRows(const QVector<QStringList> &rows, int firstNumber = 1000);
    QString asTsv() const { return tsvOf(*this); }
};

} // namespace kasuri::app
