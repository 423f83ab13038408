// How the window looks and what it looks at: appearance, and the way back through filters, zooms
// and selections.
#include <QDockWidget>
#include <QLabel>
#include <QResizeEvent>
#include <QScopedValueRollback>
#include <QTimer>
#include <cmath>

#include "app/graph/graph_canvas.h"
#include "app/panels/graph_pane.h"
#include "app/panels/main_window.h"
#include "app/panels/memory_panel.h"
#include "app/panels/operators_panel.h"
#include "app/style/appearance.h"

namespace kasuri::app {
namespace {

constexpr int kSettledMs = 350; ///< without a move, the user looks at something
constexpr double kSameZoom = 0.02;

bool sameZoom(double a, double b)
{
    return std::abs(std::log(a / b)) < kSameZoom;
}

/// Do all docks still stand where a narrow window puts them?
bool stackedAsBuilt(const MainWindow &window)
{
    const auto find = [&](const char *name) {
        return window.findChild<QDockWidget *>(QString::fromLatin1(name));
    };
    QDockWidget *memory = find("memoryDock"), *passes = find("passesDock");
    const QList<QDockWidget *> below = window.tabifiedDockWidgets(memory),
                               left = window.tabifiedDockWidgets(passes);
    for (QDockWidget *dock : window.findChildren<QDockWidget *>()) {
        const bool fixed = dock->features() == QDockWidget::NoDockWidgetFeatures;
        if (dock->isHidden() || dock->isFloating())
            return false;
        if (!fixed && dock != memory && dock != passes && !below.contains(dock)
            && !left.contains(dock))
            return false;
    }
    return left.contains(find("selectionDock")) && below.contains(find("operatorsDock"));
}

} // namespace

/// A window made wide later stands as one that was wide from the start, unless the user has moved
/// something.
void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    if (spread_ && isVisible() && event->size().width() > event->oldSize().width()
        && stackedAsBuilt(*this))
        QTimer::singleShot(0, this, [this] {
            if (stackedAsBuilt(*this)) // what was kept may have been restored in between
                spreadDocks();
        });
}

void MainWindow::linkLooks()
{
    auto *settled = new QTimer(this);
    settled->setSingleShot(true);
    settled->setInterval(kSettledMs);
    connect(settled, &QTimer::timeout, this, &MainWindow::settle);
    connect(graph_, &GraphPane::looked, settled, qOverload<>(&QTimer::start));
}

MainWindow::Place MainWindow::here() const
{
    return {selected_, operators_->filter(), within_, int(memory_->timeline()->mode()),
            graph_->front()->anchor()};
}

void MainWindow::visit()
{
    if (!going_)
        history_.visit(here());
}

/// Another zoom is a step of its own; where only the picture was moved, the step ends there.
void MainWindow::settle()
{
    const Place now = here(), *last = history_.here();
    if (last && last->operators == now.operators && last->filter == now.filter
        && last->within == now.within && last->memoryMode == now.memoryMode
        && sameZoom(last->look.scale, now.look.scale))
        history_.amend(now);
    else
        history_.visit(now);
}

void MainWindow::goBack(int direction)
{
    const Place *place = history_.go(direction);
    if (place == nullptr)
        return status_->setText(direction < 0 ? tr("Nothing further back.")
                                              : tr("Nothing further on."));
    const QScopedValueRollback guard(going_, true);
    const Place there = *place;
    operators_->setFilter(there.filter);
    showFilter(there.within);
    memory_->timeline()->setMode(MemoryMode(there.memoryMode));
    linkSelection(there.operators);
    graph_->front()->follow(there.look, Follow::Exactly);
}

void MainWindow::showAppearance(Theme::Appearance appearance)
{
    setAppearance(theme_, appearance);
    refresh();
}

} // namespace kasuri::app
