#include "app/panels/operators_panel.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSaveFile>
#include <QScopedValueRollback>
#include <QSet>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <utility>

#include "app/models/operator_filter.h"
#include "app/panels/operator_delegate.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr int kRowHeight = 22, kLeastColumn = 52, kColumn = 84;
constexpr int kOptional[]
    = {OperatorTableModel::P90,       OperatorTableModel::Bytes,   OperatorTableModel::Rate,
       OperatorTableModel::Bandwidth, OperatorTableModel::Backend, OperatorTableModel::Fidelity};

} // namespace

OperatorsPanel::OperatorsPanel(const Theme &theme, QWidget *parent)
    : QWidget(parent), model_(new OperatorTableModel(this)), sorted_(new OperatorFilter(this)),
      table_(new QTableView(this)), footer_(new QLabel(this)), filter_(new QLineEdit(this)),
      alike_(new QCheckBox(tr("Group blocks"), this)), columns_(new QMenu(this)),
      soon_(new QTimer(this))
{
    sorted_->setSourceModel(model_);
    setUpTable(theme);
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
    alike_->setObjectName(QStringLiteral("groupAlike"));
    alike_->setToolTip(tr("Kernels at the same place of repeated blocks as one row, ×12"));
    connect(alike_, &QCheckBox::toggled, model_, &OperatorTableModel::setGrouped);
    alike_->setChecked(true);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(0, 0, 8, 0);
    top->addWidget(filter_, 1);
    top->addWidget(alike_);
    top->addWidget(buildColumns());
    column->addLayout(top);
    column->addWidget(table_, 1);
    column->addWidget(footer_);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &row) {
                if (!linking_ && row.isValid())
                    emit operatorsSelected(
                        row.data(OperatorTableModel::OperatorsRole).toStringList());
            });
}

void OperatorsPanel::setUpTable(const Theme &theme)
{
    using Model = OperatorTableModel;
    table_->setModel(sorted_);
    table_->setItemDelegate(new OperatorDelegate(theme, table_));
    table_->setSortingEnabled(true);
    table_->sortByColumn(Model::After, Qt::DescendingOrder);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setAlternatingRowColors(true);
    table_->setShowGrid(false);
    table_->setWordWrap(false);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(kRowHeight);
    QHeaderView *heads = table_->horizontalHeader();
    heads->setSectionResizeMode(Model::Name, QHeaderView::Stretch);
    heads->setHighlightSections(false);
    heads->setSortIndicatorShown(false); // the heads say it
    heads->setMinimumSectionSize(kLeastColumn);
    for (int c = Model::Type; c < Model::ColumnCount; ++c)
        heads->resizeSection(c, kColumn);
    for (const auto &[column, width] : {std::pair(Model::Type, 150),
                                        {Model::Calls, kLeastColumn},
                                        {Model::Share, 110},
                                        {Model::Bytes, 90},
                                        {Model::Backend, 90},
                                        {Model::Fidelity, 110}})
        heads->resizeSection(column, width);
    table_->setAccessibleName(tr("Operators"));
    table_->setObjectName(QStringLiteral("operatorTable"));
    soon_->setSingleShot(true);
    connect(soon_, &QTimer::timeout, this, &OperatorsPanel::showFooter);
    for (auto changed : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(sorted_, changed, soon_, [this] { soon_->start(0); });
    connect(sorted_, &QAbstractItemModel::modelReset, soon_, [this] { soon_->start(0); });
}

QWidget *OperatorsPanel::buildColumns()
{
    using Model = OperatorTableModel;
    for (const int column : kOptional) {
        QAction *shown = columns_->addAction(
            model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        shown->setCheckable(true);
        shown->setData(column);
        table_->setColumnHidden(column, true);
        connect(shown, &QAction::toggled, table_,
                [this, column](bool on) { table_->setColumnHidden(column, !on); });
    }
    auto *button = new QToolButton(this);
    button->setObjectName(QStringLiteral("operatorColumns"));
    button->setText(tr("Columns"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::TabFocus);
    button->setMenu(columns_);
    button->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
    QHeaderView *heads = table_->horizontalHeader();
    heads->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(heads, &QWidget::customContextMenuRequested, columns_,
            [this, heads](const QPoint &at) { columns_->popup(heads->mapToGlobal(at)); });
    return button;
}

void OperatorsPanel::setFooter(const QString &text)
{
    about_ = text;
    showFooter();
}

void OperatorsPanel::showFooter()
{
    double before = 0, after = 0;
    int kernels = 0, timedBefore = 0, timedAfter = 0;
    for (int r = 0; r < sorted_->rowCount(); ++r) {
        const QVariantList ms = sorted_->index(r, 0).data(OperatorTableModel::SumRole).toList();
        kernels += ms.value(2).toInt();
        before += ms.value(0).toDouble();
        after += ms.value(1).toDouble();
        timedBefore += ms.value(0).isValid() ? 1 : 0;
        timedAfter += ms.value(1).isValid() ? 1 : 0;
    }
    QString text = tr("Sum of %n kernels", nullptr, kernels);
    if (timedBefore > 0 && timedAfter > 0)
        text += QStringLiteral("   %1 → %2 %3   %4 %3")
                    .arg(formatMs(before), formatMs(after), tr("ms"), formatSigned(after - before));
    else if (timedBefore + timedAfter > 0)
        text += QStringLiteral("   %1 %2").arg(formatMs(before + after), tr("ms"));
    footer_->setText(text + QStringLiteral("     ") + about_);
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

QJsonObject OperatorsPanel::look() const
{
    QJsonArray shown;
    for (const QAction *column : columns_->actions())
        if (column->isChecked())
            shown.append(column->data().toInt());
    return {{QStringLiteral("filter"), filter_->text()},
            {QStringLiteral("grouped"), alike_->isChecked()},
            {QStringLiteral("columns"), shown}};
}

void OperatorsPanel::restoreLook(const QJsonObject &look)
{
    filter_->setText(look.value(QLatin1String("filter")).toString(filter_->text()));
    alike_->setChecked(look.value(QLatin1String("grouped")).toBool(alike_->isChecked()));
    if (!look.contains(QLatin1String("columns")))
        return;
    const QJsonArray shown = look.value(QLatin1String("columns")).toArray();
    for (QAction *column : columns_->actions())
        column->setChecked(shown.contains(QJsonValue(column->data().toInt())));
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
