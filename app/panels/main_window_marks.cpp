// What the user marks in the views: groups of operators, a filter of all views; and what of their
// looks the session keeps.
#include <QJsonArray>
#include <utility>

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
#include "app/session/json_access.h"

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

QMap<QString, KeepsLook *> MainWindow::keptViews() const
{
    return {{QStringLiteral("graph"), graph_},
            {QStringLiteral("memory"), memory_},
            {QStringLiteral("time"), time_},
            {QStringLiteral("operators"), operators_}};
}

QJsonObject MainWindow::looks() const
{
    QJsonObject all{{QStringLiteral("docks"), QString::fromLatin1(saveState().toBase64())}};
    const auto views = keptViews();
    for (auto view = views.begin(); view != views.end(); ++view)
        all.insert(view.key(), view.value()->look());
    if (!within_.words.isEmpty())
        all.insert(QStringLiteral("within"),
                   QJsonObject{{QStringLiteral("words"), within_.words},
                               {QStringLiteral("operators"),
                                QJsonArray::fromStringList(within_.operators)}});
    return all;
}

void MainWindow::takeLooks(const QJsonObject &looks)
{
    restoreState(QByteArray::fromBase64(access::text(looks, "docks").toLatin1()));
    spread_ = true;
    waitingLooks_ = looks;
}

void MainWindow::restoreLooks()
{
    const QJsonObject looks = std::exchange(waitingLooks_, {});
    if (looks.isEmpty())
        return;
    const auto views = keptViews();
    for (auto view = views.begin(); view != views.end(); ++view)
        view.value()->restoreLook(looks.value(view.key()).toObject());
    const QJsonObject within = access::object(looks, "within");
    const ViewFilter filter{access::text(within, "words"),
                            access::strings(access::array(within, "operators"))};
    if (!filter.words.isEmpty() && !filter.operators.isEmpty())
        narrow(filter);
}

} // namespace kasuri::app
