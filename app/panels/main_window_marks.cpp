// What the user marks in the views: groups of operators, and a filter of all views.
#include "app/charts/kernel_timeline.h"
#include "app/charts/memory_timeline.h"
#include "app/graph/graph_canvas.h"
#include "app/panels/filter_strip.h"
#include "app/panels/graph_pane.h"
#include "app/panels/main_window.h"
#include "app/panels/memory_panel.h"
#include "app/panels/name_strip.h"
#include "app/panels/operators_panel.h"
#include "app/panels/time_panel.h"

namespace kasuri::app {

void MainWindow::groupSelected()
{
    if (selected_.size() < 2)
        return showProblem(tr("A group needs two operators. Ctrl+click takes several, Ctrl+drag "
                              "takes a rectangle of the graph."));
    grouping_ = selected_;
    const int number = int(document_.state().groups.size()) + 1;
    name_->ask(tr("Name of the group of %n operators", nullptr, int(grouping_.size())),
               tr("Group %1").arg(number));
}

void MainWindow::giveGroup(const QString &name)
{
    document_.regroup(tr("group %1").arg(name), grouped(document_.state().groups, name, grouping_));
}

void MainWindow::ungroupSelected()
{
    const QVector<HandGroup> &groups = document_.state().groups,
                             left = ungrouped(groups, selected_);
    if (left.size() == groups.size())
        return showProblem(
            tr("Nothing selected is in a group made by hand. Ctrl+G groups a selection."));
    document_.regroup(tr("ungroup"), left);
}

void MainWindow::narrow(const ViewFilter &filter)
{
    if (!filter.words.isEmpty() && filter.operators.isEmpty())
        return showProblem(tr("Nothing selected. Click an operator first."));
    showFilter(filter);
    visit();
}

void MainWindow::showFilter(const ViewFilter &filter)
{
    within_ = filter;
    filter_->setFilter(filter.words, int(filter.operators.size()));
    graph_->setFilter(filter.operators);
    operators_->setWithin(filter.operators);
    memory_->timeline()->setWithin(filter.operators);
    time_->timeline()->setWithin(filter.operators);
}

} // namespace kasuri::app
