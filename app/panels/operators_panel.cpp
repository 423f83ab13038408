#include "app/panels/operators_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSaveFile>
#include <QScopedValueRollback>
#include <QSet>
#include <QTableView>
#include <QVBoxLayout>

#include "app/models/operator_filter.h"

namespace kasuri::app {

OperatorsPanel::OperatorsPanel(QWidget *parent)
    : QWidget(parent), model_(new OperatorTableModel(this)), sorted_(new OperatorFilter(this)),
      table_(new QTableView(this)), footer_(new QLabel(this)), filter_(new QLineEdit(this))
{
    sorted_->setSourceModel(model_);
    table_->setModel(sorted_);
    table_->setSortingEnabled(true);
    table_->sortByColumn(OperatorTableModel::After, Qt::DescendingOrder);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setAlternatingRowColors(true);
    table_->setShowGrid(false);
    table_->setWordWrap(false);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(22);
    table_->horizontalHeader()->setSectionResizeMode(OperatorTableModel::Name,
                                                     QHeaderView::Stretch);
    table_->horizontalHeader()->setHighlightSections(false);
    table_->horizontalHeader()->resizeSection(OperatorTableModel::Type, 150);
    table_->horizontalHeader()->setMinimumSectionSize(48);
    for (int c = OperatorTableModel::Calls; c < OperatorTableModel::Backend; ++c)
        table_->horizontalHeader()->resizeSection(c,
                                                  c == OperatorTableModel::Calls       ? 48
                                                      : c == OperatorTableModel::Bytes ? 90
                                                                                       : 76);
    table_->setAccessibleName(tr("Operators"));
    table_->setObjectName(QStringLiteral("operatorTable"));
    filter_->setAccessibleName(tr("Filter"));
    filter_->setPlaceholderText(tr("Filter by name, type or backend"));
    filter_->setClearButtonEnabled(true);
    connect(filter_, &QLineEdit::textChanged, sorted_,
            &QSortFilterProxyModel::setFilterFixedString);
    connect(filter_, &QLineEdit::editingFinished, this, &OperatorsPanel::filterChanged);
    footer_->setContentsMargins(8, 3, 8, 3);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(filter_);
    column->addWidget(table_, 1);
    column->addWidget(footer_);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &row) {
                if (!linking_ && row.isValid())
                    emit operatorsSelected(
                        row.data(OperatorTableModel::OperatorsRole).toStringList());
            });
}

void OperatorsPanel::setFooter(const QString &text)
{
    footer_->setText(text);
}

void OperatorsPanel::selectOperators(const QStringList &operators)
{
    const QScopedValueRollback guard(linking_, true);
    const QSet<QString> wanted(operators.begin(), operators.end());
    table_->clearSelection();
    for (int r = 0; r < sorted_->rowCount(); ++r) {
        const QModelIndex index = sorted_->index(r, 0);
        for (const QString &node : index.data(OperatorTableModel::OperatorsRole).toStringList())
            if (wanted.contains(node)) {
                table_->selectRow(r);
                table_->scrollTo(index);
                return;
            }
    }
}

QString OperatorsPanel::filter() const
{
    return filter_->text();
}

void OperatorsPanel::setFilter(const QString &text)
{
    filter_->setText(text);
}

void OperatorsPanel::setWithin(const QStringList &operators)
{
    sorted_->setWithin(operators);
}

void OperatorsPanel::copy() const
{
    QGuiApplication::clipboard()->setText(model_->asTsv());
}

QString OperatorsPanel::writeCsv(const QString &path) const
{
    const QByteArray bytes = model_->asCsv().toUtf8();
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return tr("Cannot write %1: %2").arg(path, file.errorString());
    return {};
}

} // namespace kasuri::app
