#include "app/panels/live_set_list.h"

#include <QHeaderView>
#include <algorithm>

#include "app/session/units.h"

namespace kasuri::app {

LiveSetList::LiveSetList(QWidget *parent) : QTableWidget(0, 2, parent)
{
    setHorizontalHeaderLabels({tr("Live tensor"), tr("MiB")});
    horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    horizontalHeader()->resizeSection(1, 72);
    horizontalHeader()->setHighlightSections(false);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(20);
    setShowGrid(false);
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setAccessibleName(tr("Live set at the cursor"));
    setObjectName(QStringLiteral("liveSet"));
}

void LiveSetList::show(const PlanInfo *plan, int step)
{
    setRowCount(0);
    if (!plan || step < 0)
        return;
    QVector<const BufferInfo *> alive;
    for (const BufferInfo &b : plan->buffers)
        if (b.kind == QLatin1String("arena") && b.firstStep <= step && step <= b.lastStep)
            alive.append(&b);
    std::sort(alive.begin(), alive.end(), [](auto *a, auto *b) { return a->bytes > b->bytes; });
    const auto add = [this](const QString &name, qint64 bytes, bool strong) {
        const int row = rowCount();
        insertRow(row);
        auto *left = new QTableWidgetItem(name);
        auto *right = new QTableWidgetItem(formatMiB(double(bytes)));
        right->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        left->setToolTip(name);
        for (QTableWidgetItem *item : {left, right}) {
            QFont f = font();
            f.setWeight(strong ? QFont::DemiBold : QFont::Normal);
            item->setFont(f);
        }
        setItem(row, 0, left);
        setItem(row, 1, right);
    };
    qint64 sum = 0;
    for (const BufferInfo *b : alive) {
        add(b->name, b->bytes, false);
        sum += b->bytes;
    }
    const qint64 live = step < plan->memory.liveBytes.size() ? plan->memory.liveBytes[step] : sum;
    if (live > sum)
        add(tr("workspace of the step, alignment"), live - sum, false);
    add(tr("Sum"), live, true);
}

} // namespace kasuri::app
