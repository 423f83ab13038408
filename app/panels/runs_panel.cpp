#include "app/panels/runs_panel.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSet>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>
#include <iterator>

#include "app/panels/list_table.h"
#include "app/session/units.h"
#include "app/session/verdict_words.h"

namespace kasuri::app {
namespace {

constexpr int kTableWidth = 980, kSideWidth = 290; ///< all columns are seen in 1280 px

QString bytes(const std::optional<qint64> &value)
{
    return value ? formatBytes(*value) : QStringLiteral("–");
}

QString milliseconds(const std::optional<double> &value)
{
    return value ? formatMs(*value) : QStringLiteral("–");
}

QStringList rowOf(const RunRecord &run)
{
    const SideInfo &first = run.result.sides[0], &second = run.result.sides[1];
    const LatencyResult &l = run.result.latency;
    const bool real = l.verdict == QLatin1String("faster") || l.verdict == QLatin1String("slower");
    const QString verdict = run.result.partial
        ? RunsPanel::tr("partial, %1 blocks").arg(run.result.blocks)
        : verdictWord(l.verdict);
    return {run.name,
            run.when.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm")),
            run.model,
            run.recipe,
            QString::number(run.target.threads),
            milliseconds(first.medianMs),
            milliseconds(second.medianMs),
            real && l.beforeMs > 0 ? formatSignedPercent(l.ratio - 1) : QStringLiteral("–"),
            verdict,
            bytes(second.memory.arena),
            bytes(second.memory.peakRss),
            fidelityWord(run.result.fidelity)};
}

} // namespace

QStringList sidesOf(const RunRecord &a, const RunRecord &b)
{
    QStringList sides;
    for (const auto &[name, run] :
         {std::pair{QStringLiteral("A"), &a}, {QStringLiteral("B"), &b}}) {
        QString passes = run->recipe;
        passes.replace(QLatin1Char(','), QLatin1Char(';'));
        sides
            << QStringLiteral("%1:passes=%2,threads=%3").arg(name, passes).arg(run->target.threads);
    }
    return sides;
}

RunsPanel::RunsPanel(RunHistory &history, QWidget *parent)
    : QWidget(parent), history_(history),
      table_(new ListTable({tr("Name"), tr("When"), tr("Model"), tr("Recipe"), tr("Threads"),
                            tr("Before ms"), tr("After ms"), tr("Δ %"), tr("Verdict"), tr("Arena"),
                            tr("RSS, peak"), tr("Outputs")},
                           tr("Runs"), this)),
      difference_(new QLabel(this))
{
    table_->setObjectName(QStringLiteral("runTable"));
    table_->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    const int widths[] = {80, 126, 84, 88, 60, 74, 66, 62, 74, 70, 74, 100};
    setLeastWidths(*table_, widths);
    auto *use = new QPushButton(tr("Use its recipe"), this);
    auto *together = new QPushButton(tr("Measure together"), this);
    together->setObjectName(QStringLiteral("measureTogether"));
    auto *baseline = new QPushButton(tr("Against a saved plan…"), this);
    auto *remove = new QPushButton(tr("Remove"), this);
    difference_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    difference_->setObjectName(QStringLiteral("runDifference"));
    difference_->setWordWrap(true);
    difference_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    difference_->setMargin(8);
    auto *side = new QWidget(this);
    auto *sideColumn = new QVBoxLayout(side);
    sideColumn->setContentsMargins(8, 4, 8, 4);
    sideColumn->addWidget(difference_, 1);
    auto *buttons = new QGridLayout;
    int placed = 0;
    for (QPushButton *button : {use, together, baseline, remove}) {
        buttons->addWidget(button, placed / 2, placed % 2);
        ++placed;
    }
    sideColumn->addLayout(buttons);
    auto *split = new QSplitter(this);
    split->addWidget(table_);
    split->addWidget(side);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 1);
    split->setSizes({kTableWidth, kSideWidth});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(split);
    connect(&history_, &RunHistory::changed, this, &RunsPanel::fill);
    connect(table_, &ListTable::itemSelectionChanged, this, &RunsPanel::showDifference);
    connect(table_, &ListTable::cellChanged, this, [this](int at, int cell) {
        if (!filling_ && cell == 0)
            history_.rename(at, table_->item(at, 0)->text());
    });
    connect(use, &QPushButton::clicked, this, [this] {
        if (!selectedRuns().isEmpty())
            emit recipeChosen(history_.runs()[selectedRuns().last()].recipe);
    });
    connect(together, &QPushButton::clicked, this, &RunsPanel::measureTogether);
    connect(baseline, &QPushButton::clicked, this, &RunsPanel::baselineRequested);
    connect(remove, &QPushButton::clicked, this, [this] {
        if (!selectedRuns().isEmpty())
            history_.remove(selectedRuns().last());
    });
    fill();
}

QVector<int> RunsPanel::selectedRuns() const
{
    QVector<int> rows;
    for (const QModelIndex &index : table_->selectionModel()->selectedRows())
        if (index.row() < history_.runs().size())
            rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

void RunsPanel::fill()
{
    const QScopedValueRollback guard(filling_, true);
    QVector<QStringList> rows;
    for (const RunRecord &run : history_.runs())
        rows.append(rowOf(run));
    table_->setRows(rows);
    for (int r = 0; r < table_->rowCount(); ++r)
        for (int c = 1; c < table_->columnCount(); ++c)
            table_->item(r, c)->setFlags(Qt::ItemIsSelectable | Qt::ItemIsEnabled);
    showDifference();
}

void RunsPanel::showDifference()
{
    const QVector<int> chosen = selectedRuns();
    if (chosen.size() == 2)
        difference_->setText(differenceOf(history_.runs()[chosen[0]], history_.runs()[chosen[1]])
                                 .join(QLatin1Char('\n')));
    else
        difference_->setText(history_.runs().isEmpty()
                                 ? tr("No runs yet. F5 measures.")
                                 : tr("Select two runs to compare them. F2 renames."));
}

void RunsPanel::measureTogether()
{
    const QVector<int> chosen = selectedRuns();
    if (chosen.size() == 2)
        emit togetherRequested(sidesOf(history_.runs()[chosen[0]], history_.runs()[chosen[1]]));
    else
        difference_->setText(tr("Select two runs first."));
}

} // namespace kasuri::app
