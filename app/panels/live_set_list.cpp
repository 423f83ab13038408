#include "app/panels/live_set_list.h"

#include <QEvent>
#include <QHeaderView>
#include <QPainter>
#include <algorithm>

#include "app/graph/change_symbol.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

enum Column { Symbol, Name, Before, After, ColumnCount };

QIcon iconOf(const Theme &theme, Change change)
{
    QPixmap pixmap(28, 28);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    paintChange(painter, QRectF(0, 0, 14, 14), theme, change);
    return QIcon(pixmap);
}

qint64 sumOf(const QVector<const BufferInfo *> &tensors)
{
    qint64 sum = 0;
    for (const BufferInfo *b : tensors)
        sum += b->bytes;
    return sum;
}

} // namespace

LiveSetList::LiveSetList(const Theme &theme, QWidget *parent)
    : QTableWidget(0, ColumnCount, parent), theme_(theme)
{
    setHorizontalHeaderLabels({QString(), tr("Live tensor, MiB"), tr("Before"), tr("After")});
    horizontalHeader()->setSectionResizeMode(Name, QHeaderView::Stretch);
    horizontalHeader()->setMinimumSectionSize(20);
    horizontalHeader()->resizeSection(Symbol, 24);
    horizontalHeader()->resizeSection(Before, 64);
    horizontalHeader()->resizeSection(After, 64);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (int numbers : {Before, After})
        horizontalHeaderItem(numbers)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(20);
    setIconSize({14, 14});
    setShowGrid(false);
    setTextElideMode(Qt::ElideMiddle); // names differ at their ends
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setAccessibleName(tr("Live set at the cursor"));
    setObjectName(QStringLiteral("liveSet"));
    const auto choose = [this](int row) {
        if (const QTableWidgetItem *name = item(row, Name))
            emit tensorChosen(name->text());
    };
    connect(this, &QTableWidget::cellClicked, this, choose);
    connect(this, &QTableWidget::cellActivated, this, choose);
}

void LiveSetList::show(const MemoryScene &scene, int step, double x)
{
    setRowCount(0);
    if (scene.empty() || step < 0)
        return;
    const bool afterInFront = scene.after.plan != nullptr;
    setColumnHidden(Before, !scene.before.plan);
    setColumnHidden(After, !afterInFront);
    const int stepBefore = afterInFront ? scene.before.runningAt(x) : step;
    const int stepAfter = afterInFront ? step : -1;
    const auto before = scene.before.alive(stepBefore), after = scene.after.alive(stepAfter);
    QVector<Row> rows;
    for (const BufferInfo *b : before)
        rows.append({b->name, b->bytes, -1, false});
    for (const BufferInfo *b : after) {
        const auto twin = std::find_if(rows.begin(), rows.end(), [&](const Row &row) {
            return row.name == b->name && row.after < 0;
        });
        if (twin != rows.end())
            twin->after = b->bytes;
        else
            rows.append({b->name, -1, b->bytes, false});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) {
        return std::max(a.before, a.after) > std::max(b.before, b.after);
    });
    const auto liveOf = [](const PlanSpans &spans, int at) {
        return spans.plan && at >= 0 ? spans.plan->memory.liveBytes[at] : qint64(-1);
    };
    const qint64 liveBefore = liveOf(scene.before, stepBefore),
                 liveAfter = liveOf(scene.after, stepAfter);
    const auto restOf = [](qint64 live, qint64 sum) { return live > sum ? live - sum : -1; };
    const Row rest{tr("workspace, alignment"), restOf(liveBefore, sumOf(before)),
                   restOf(liveAfter, sumOf(after)), false};
    if (rest.before > 0 || rest.after > 0)
        rows.append(rest);
    rows.append({tr("Sum"), liveBefore, liveAfter, true});
    for (const Row &row : rows)
        add(row);
}

void LiveSetList::add(const Row &entry)
{
    const int row = rowCount();
    insertRow(row);
    const Change change = entry.strong ? Change::None
        : entry.before < 0             ? Change::Added
        : entry.after < 0              ? Change::Removed
                                       : Change::Same;
    const bool both = !isColumnHidden(Before) && !isColumnHidden(After);
    auto *symbol = new QTableWidgetItem;
    if (both && change != Change::None) {
        symbol->setIcon(iconOf(theme_, change));
        symbol->setData(Qt::UserRole, int(change));
        static const char *const kWords[] = {
            "", QT_TR_NOOP("in both"), "", "", QT_TR_NOOP("only after"), QT_TR_NOOP("only before")};
        symbol->setToolTip(tr(kWords[int(change)]));
        symbol->setData(Qt::AccessibleTextRole, symbol->toolTip());
    }
    setItem(row, Symbol, symbol);
    setItem(row, Name, new QTableWidgetItem(entry.name));
    item(row, Name)->setToolTip(entry.name);
    for (const auto &[column, bytes] :
         {std::pair(Before, entry.before), std::pair(After, entry.after)}) {
        auto *cell
            = new QTableWidgetItem(bytes < 0 ? QStringLiteral("–") : formatMiB(double(bytes)));
        cell->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        if (bytes >= 0)
            cell->setToolTip(tr("%1 bytes").arg(bytes));
        setItem(row, column, cell);
    }
    QFont strong = font();
    strong.setWeight(entry.strong ? QFont::DemiBold : QFont::Normal);
    for (int c = 0; c < ColumnCount; ++c)
        item(row, c)->setFont(strong);
}

void LiveSetList::changeEvent(QEvent *event)
{
    QTableWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange)
        return;
    for (int row = 0; row < rowCount(); ++row)
        if (const QVariant change = item(row, Symbol)->data(Qt::UserRole); change.isValid())
            item(row, Symbol)->setIcon(iconOf(theme_, Change(change.toInt())));
}

} // namespace kasuri::app
