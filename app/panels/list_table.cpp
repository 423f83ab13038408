#include "app/panels/list_table.h"

#include <QHeaderView>
#include <QSignalBlocker>
#include <algorithm>

namespace kasuri::app {
namespace {

constexpr int kRowHeight = 22, kHeadMargins = 13;

} // namespace

ListTable::ListTable(const QStringList &heads, const QString &accessibleName, QWidget *parent)
    : QTableWidget(parent)
{
    setHeads(heads);
    setAccessibleName(accessibleName);
    setSelectionBehavior(SelectRows);
    setEditTriggers(NoEditTriggers);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setWordWrap(false);
    setFrameStyle(QFrame::NoFrame);
    setTabKeyNavigation(false);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setStretchLastSection(true);
}

void ListTable::setHeads(const QStringList &heads)
{
    setRowCount(0);
    setColumnCount(0); // their alignment goes with them
    setColumnCount(int(heads.size()));
    setHorizontalHeaderLabels(heads);
}

void ListTable::setRows(const QVector<QStringList> &rows, int firstNumber)
{
    const QSignalBlocker quiet(this);
    const int current = currentRow();
    setRowCount(int(rows.size()));
    for (int r = 0; r < rows.size(); ++r)
        for (int c = 0; c < rows[r].size(); ++c) {
            auto *cell = new QTableWidgetItem(rows[r][c]);
            cell->setToolTip(rows[r][c]);
            cell->setTextAlignment((c >= firstNumber ? Qt::AlignRight : Qt::AlignLeft)
                                   | Qt::AlignVCenter);
            setItem(r, c, cell);
        }
    for (int c = firstNumber; c < columnCount(); ++c)
        horizontalHeaderItem(c)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    if (current >= 0 && current < rowCount())
        setCurrentCell(current, 0, QItemSelectionModel::NoUpdate);
}

void setLeastWidths(QTableWidget &table, std::span<const int> widths)
{
    const QFontMetrics metrics = table.horizontalHeader()->fontMetrics();
    for (int column = 0; column < int(widths.size()); ++column) {
        const QString head = table.horizontalHeaderItem(column)->text();
        table.setColumnWidth(
            column,
            std::max(widths[size_t(column)], metrics.horizontalAdvance(head) + kHeadMargins));
    }
}

QString tsvOf(const QTableWidget &table)
{
    const QModelIndexList selected = table.selectionModel()->selectedRows();
    const auto wanted = [&](int row) {
        return selected.size() < 2
            || std::any_of(
                   selected.begin(), selected.end(),
                   [row](const QModelIndex &index) { return index.row() == row; });
    };
    const auto textOf
        = [](const QTableWidgetItem *item) { return item ? item->text() : QString(); };
    QStringList lines, cells;
    for (int c = 0; c < table.columnCount(); ++c)
        cells << textOf(table.horizontalHeaderItem(c));
    lines << cells.join(QLatin1Char('\t'));
    for (int r = 0; r < table.rowCount(); ++r) {
        if (!wanted(r))
            continue;
        cells.clear();
        for (int c = 0; c < table.columnCount(); ++c)
            cells << textOf(table.item(r, c));
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace kasuri::app
