// Where the docks of the main window stand.
#include <QCloseEvent>
#include <QDockWidget>
#include <QResizeEvent>
#include <QSettings>
#include <QTimer>

#include "app/panels/graph_pane.h"
#include "app/panels/main_window.h"

namespace kasuri::app {
namespace {

constexpr int kWide = 1600;

QSettings kept()
{
    return QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("kasuri"),
                     QStringLiteral("workbench"));
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

/// Where there is room, the table stands beside the memory and the facts on the right.
void MainWindow::spreadDocks()
{
    spread_ = true;
    if (width() < kWide)
        return;
    const auto find
        = [this](const char *name) { return findChild<QDockWidget *>(QString::fromLatin1(name)); };
    addDockWidget(Qt::RightDockWidgetArea, find("selectionDock"));
    delete find("selectionDock")->titleBarWidget(); // alone, it has no tab to say its name
    // What is a tab already can only leave the tabs by leaving the window.
    QDockWidget *last = nullptr;
    for (const char *name :
         {"operatorsDock", "runsDock", "whyNotDock", "problemsDock", "sidesDock", "matrixDock",
          "searchDock", "earlyExitDock", "dynamicDock", "inputsDock"}) {
        QDockWidget *next = find(name);
        removeDockWidget(next);
        if (last == nullptr)
            addDockWidget(Qt::BottomDockWidgetArea, next, Qt::Horizontal);
        else
            tabifyDockWidget(last, next);
        next->show();
        last = next;
    }
    find("memoryDock")->raise();
    find("operatorsDock")->raise();
    find("passesDock")->raise();
    const bool huge = width() >= 2400;
    resizeDocks({find("passesDock"), find("selectionDock")}, {huge ? 400 : 348, huge ? 380 : 304},
                Qt::Horizontal);
    resizeDocks({find("memoryDock"), find("operatorsDock")}, {huge ? 1280 : 860, huge ? 1280 : 820},
                Qt::Horizontal);
    resizeDocks({find("memoryDock")}, {huge ? 420 : 292}, Qt::Vertical);
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    if (spread_)
        return;
    QSettings settings = kept();
    if (settings.contains(QStringLiteral("docks"))) {
        spread_ = true;
        restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
        restoreState(settings.value(QStringLiteral("docks")).toByteArray());
    } else {
        spreadDocks();
    }
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    document_.cancel();
    QSettings settings = kept();
    settings.setValue(QStringLiteral("docks"), saveState());
    settings.setValue(QStringLiteral("geometry"), saveGeometry());
    QMainWindow::closeEvent(event);
}

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

void MainWindow::applyLayout(Layout layout)
{
    const auto find
        = [this](const char *name) { return findChild<QDockWidget *>(QString::fromLatin1(name)); };
    if (layout == Layout::Own) {
        if (!restoreState(kept().value(QStringLiteral("ownLayout")).toByteArray()))
            showProblem(tr("No own layout yet. Ctrl+Alt+4 keeps the present one."));
        return;
    }
    for (const char *name : {"passesDock", "adviceDock", "memoryDock", "operatorsDock", "timeDock"})
        find(name)->setVisible(true);
    find("selectionDock")->setVisible(layout != Layout::Memory);
    for (const char *name : {"passesDock", "adviceDock"})
        find(name)->setVisible(layout == Layout::Explore);
    graph_->setView(layout == Layout::Compare ? GraphView::Split : GraphView::After);
    find(layout == Layout::Compare ? "operatorsDock" : "memoryDock")->raise();
    if (layout == Layout::Explore)
        find("passesDock")->raise();
    resizeDocks({find("memoryDock")}, {layout == Layout::Memory ? height() / 2 : 258},
                Qt::Vertical);
}

void MainWindow::keepOwnLayout()
{
    kept().setValue(QStringLiteral("ownLayout"), saveState());
}

} // namespace kasuri::app
