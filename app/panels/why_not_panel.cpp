#include "app/panels/why_not_panel.h"

#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>
#include <algorithm>

#include "app/panels/list_table.h"
#include "app/session/reason_words.h"

namespace kasuri::app {

WhyNotPanel::WhyNotPanel(QWidget *parent)
    : QWidget(parent),
      table_(new ListTable({tr("Pass"), tr("Rule"), tr("Reason"), tr("Sites"), tr("First site")},
                           tr("Why not"), this)),
      filter_(new QLineEdit(this)), empty_(new QLabel(this))
{
    table_->setObjectName(QStringLiteral("whyNotTable"));
    table_->horizontalHeader()->setStretchLastSection(false);
    table_->horizontalHeader()->setSectionResizeMode(2, QHeaderView::Stretch);
    table_->setColumnWidth(1, 190);
    table_->setColumnWidth(3, 60);
    table_->setColumnWidth(4, 240);
    filter_->setPlaceholderText(tr("Filter by pass, rule, reason or operator"));
    filter_->setAccessibleName(tr("Filter"));
    filter_->setClearButtonEnabled(true);
    empty_->setContentsMargins(12, 10, 12, 10);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(filter_);
    column->addWidget(empty_);
    column->addWidget(table_, 1);
    connect(filter_, &QLineEdit::textChanged, this, &WhyNotPanel::fill);
    connect(table_, &ListTable::cellClicked, this, &WhyNotPanel::jump);
    connect(table_, &ListTable::cellActivated, this, &WhyNotPanel::jump);
}

void WhyNotPanel::setPasses(const QVector<PassInfo> &passes)
{
    reasons_.clear();
    for (const PassInfo &pass : passes)
        for (const RuleInfo &rule : pass.rules)
            for (const SiteInfo &site : rule.sites) {
                if (site.applied)
                    continue;
                const QString shape = reasonShape(site.reason);
                const auto same = [&](const Reason &r) {
                    return r.pass == pass.name && r.rule == rule.name && r.shape == shape;
                };
                auto found = std::find_if(reasons_.begin(), reasons_.end(), same);
                if (found == reasons_.end()) {
                    reasons_.append({pass.name, rule.name, site.reason, shape, {}, 0});
                    found = reasons_.end() - 1;
                } else {
                    found->why = shape;
                }
                found->sites.append(site.nodes);
            }
    std::stable_sort(reasons_.begin(), reasons_.end(), [](const Reason &a, const Reason &b) {
        return a.sites.size() > b.sites.size();
    });
    fill();
}

void WhyNotPanel::fill()
{
    const QString wanted = filter_->text();
    QVector<QStringList> rows;
    shown_.clear();
    for (const Reason &reason : reasons_) {
        const QString first = reason.sites.first().join(QStringLiteral(", "));
        const QStringList row{reason.pass, reason.rule, reasonWords(reason.why),
                              QString::number(reason.sites.size()), first};
        bool hit = row.join(QLatin1Char(' ')).contains(wanted, Qt::CaseInsensitive);
        for (const QStringList &site : reason.sites)
            hit = hit || site.join(QLatin1Char(' ')).contains(wanted, Qt::CaseInsensitive);
        if (!hit)
            continue;
        rows.append(row);
        shown_.append(reason);
    }
    table_->setRows(rows);
    table_->setVisible(!rows.isEmpty());
    empty_->setVisible(rows.isEmpty());
    empty_->setText(reasons_.isEmpty() ? tr("No rule was declined anywhere.")
                                       : tr("Nothing matches the filter."));
}

void WhyNotPanel::jump(int row)
{
    if (row < 0 || row >= shown_.size())
        return;
    Reason &reason = shown_[row];
    emit operatorsSelected(reason.sites[reason.next]);
    reason.next = (reason.next + 1) % int(reason.sites.size());
}

} // namespace kasuri::app
