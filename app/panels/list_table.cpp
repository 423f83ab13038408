#include "app/panels/list_table.h"

#include <QHeaderView>
#include <QSignalBlocker>
#include <algorithm>

namespace kasuri::app {
namespace {

constexpr int kRowHeight = 22;

} // namespace

ListTable::ListTable(const QStringList &heads, const QString &accessibleName, QWidget *parent)
    : QTableWidget(0, int(heads.size()), parent)
{
    setHorizontalHeaderLabels(heads);
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

void ListTable::setRows(const QVector<QStringList> &rows, int firstNumber)
{
    const QSignalBlocker quiet(this);
    const int current = currentRow();
    setRowCount(int(rows.size()));
    for (int r = 0; r < rows.size(); ++r)
        for (int c = 0; c < rows[r].size(); ++c) {
            auto *cell = new QTableWidgetItem(rows[r][c]);
            cell->setToolTip(rows[r][c]);
            cell->setTextAlignment(int(c >= firstNumber ? Qt::AlignRight : Qt::AlignLeft)
                                   | int(Qt::AlignVCenter));
            setItem(r, c, cell);
        }
    for (int c = firstNumber; c < columnCount(); ++c)
        horizontalHeaderItem(c)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    if (current >= 0 && current < rowCount())
        setCurrentCell(current, 0, QItemSelectionModel::NoUpdate);
}

QString ListTable::asTsv() const
{
    QStringList lines, cells;
    for (int c = 0; c < columnCount(); ++c)
        cells << horizontalHeaderItem(c)->text();
    lines << cells.join(QLatin1Char('\t'));
    for (int r = 0; r < rowCount(); ++r) {
        cells.clear();
        for (int c = 0; c < columnCount(); ++c)
            cells << (item(r, c) ? item(r, c)->text() : QString());
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace kasuri::app
