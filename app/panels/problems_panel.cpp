#include "app/panels/problems_panel.h"

#include <QHeaderView>
#include <QLabel>
#include <QVBoxLayout>

#include "app/panels/list_table.h"
#include "app/session/document.h"

namespace kasuri::app {

ProblemsPanel::ProblemsPanel(QWidget *parent)
    : QWidget(parent), table_(new ListTable({tr("Kind"), tr("What"), tr("Where"), tr("What to do")},
                                            tr("Problems"), this)),
      empty_(new QLabel(this))
{
    table_->setObjectName(QStringLiteral("problemTable"));
    table_->setColumnWidth(0, 96);
    table_->setColumnWidth(2, 200);
    table_->setColumnWidth(3, 320);
    table_->horizontalHeader()->setStretchLastSection(false);
    table_->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    empty_->setContentsMargins(12, 10, 12, 10);
    empty_->setWordWrap(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(empty_);
    column->addWidget(table_, 1);
    connect(table_, &ListTable::currentCellChanged, this, [this](int row) {
        if (row >= 0 && row < problems_.size() && !problems_[row].operators.isEmpty())
            emit operatorsSelected(problems_[row].operators);
    });
}

void ProblemsPanel::show(const DocumentState &state)
{
    problems_ = problemsOf(state);
    QVector<QStringList> rows;
    for (const ProblemInfo &p : problems_)
        rows.append({p.kind == ProblemInfo::Kind::Error         ? tr("× Error")
                         : p.kind == ProblemInfo::Kind::Warning ? tr("△ Warning")
                                                                : tr("✓ Note"),
                     p.what, p.where, p.advice});
    table_->setRows(rows);
    table_->setVisible(!rows.isEmpty());
    empty_->setVisible(rows.isEmpty());
    empty_->setText(state.model ? tr("No problems: every operator runs%1.")
                                      .arg(state.comparison ? tr(", outputs agree") : QString())
                                : tr("No model open. Ctrl+O opens one."));
}

void ProblemsPanel::next()
{
    if (problems_.isEmpty())
        return;
    table_->setCurrentCell((table_->currentRow() + 1) % int(problems_.size()), 0);
    table_->setFocus();
}

void ProblemsPanel::showBisection()
{
    for (int row = 0; row < problems_.size(); ++row)
        if (problems_[row].bisected) {
            table_->setCurrentCell(-1, -1);
            table_->setCurrentCell(row, 0);
            return table_->setFocus();
        }
}

} // namespace kasuri::app
