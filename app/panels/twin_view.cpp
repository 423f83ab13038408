#include "app/panels/twin_view.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QSaveFile>
#include <QScopedValueRollback>
#include <QSet>
#include <QToolTip>
#include <algorithm>
#include <numeric>

#include "app/models/twin_model.h"

namespace kasuri::app {
namespace {

constexpr int kRowHeight = 22, kNumberWidth = 84;

} // namespace

TwinView::TwinView(const QString &accessibleName, QWidget *parent)
    : QTableView(parent), model_(new TwinModel(this))
{
    setModel(model_);
    setAccessibleName(accessibleName);
    setSelectionBehavior(SelectRows);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setWordWrap(false);
    setFrameStyle(QFrame::NoFrame);
    setTabKeyNavigation(false);
    setTextElideMode(Qt::ElideMiddle); // names differ at their ends
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    horizontalHeader()->setSortIndicatorClearable(true);
    setSortingEnabled(true);
    addMenu();
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &row) {
                if (!linking_ && row.isValid() && !model_->at(row.row()).operators.isEmpty())
                    emit operatorsSelected(model_->at(row.row()).operators);
            });
}

void TwinView::addMenu()
{
    auto *copy = new QAction(tr("Copy as text"), this);
    connect(copy, &QAction::triggered, this,
            [this] { QGuiApplication::clipboard()->setText(asTsv()); });
    auto *save = new QAction(tr("Write as CSV…"), this);
    connect(save, &QAction::triggered, this, &TwinView::saveCsv);
    addActions({copy, save});
    setContextMenuPolicy(Qt::ActionsContextMenu);
}

void TwinView::show(Twin twin)
{
    const QScopedValueRollback guard(linking_, true);
    const bool first = model_->columnCount() == 0;
    model_->setTwin(std::move(twin));
    if (!first || model_->columnCount() == 0)
        return;
    const int wide = fontMetrics().averageCharWidth() * 2;
    for (int c = 0; c < model_->columnCount(); ++c) {
        const QString head = model_->headerData(c, Qt::Horizontal, Qt::DisplayRole).toString();
        horizontalHeader()->resizeSection(
            c, std::max(kNumberWidth, fontMetrics().horizontalAdvance(head) + 3 * wide));
    }
    horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    horizontalHeader()->setMinimumSectionSize(48);
}

void TwinView::selectOperators(const QStringList &operators)
{
    const QScopedValueRollback guard(linking_, true);
    const QSet<QString> wanted(operators.begin(), operators.end());
    const int last = model_->columnCount() - 1;
    QItemSelection selection;
    for (int r = 0; r < model_->rowCount() && !wanted.isEmpty(); ++r) {
        const QStringList &own = model_->at(r).operators;
        if (!std::any_of(own.begin(), own.end(),
                         [&](const QString &name) { return wanted.contains(name); }))
            continue;
        const int from = !selection.isEmpty() && selection.back().bottom() == r - 1
            ? selection.takeLast().top()
            : r;
        selection.append(QItemSelectionRange(model_->index(from, 0), model_->index(r, last)));
    }
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    if (!selection.isEmpty())
        scrollTo(selection.front().topLeft());
}

QString TwinView::asTsv() const
{
    QVector<int> rows;
    const QModelIndexList selected = selectionModel()->selectedRows();
    if (selected.size() > 1) {
        for (const QModelIndex &index : selected)
            rows << index.row();
        std::sort(rows.begin(), rows.end());
    } else {
        rows.resize(model_->rowCount());
        std::iota(rows.begin(), rows.end(), 0);
    }
    return model_->asTsv(rows);
}

QString TwinView::writeCsv(const QString &path) const
{
    const QByteArray bytes = model_->asCsv().toUtf8();
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return tr("Cannot write %1: %2").arg(path, file.errorString());
    return {};
}

void TwinView::saveCsv()
{
    const QString path
        = QFileDialog::getSaveFileName(window(), tr("Export"), {}, QStringLiteral("CSV (*.csv)"));
    if (path.isEmpty())
        return;
    if (const QString error = writeCsv(path); !error.isEmpty())
        QToolTip::showText(mapToGlobal(rect().center()), QStringLiteral("× ") + error, this);
}

} // namespace kasuri::app
