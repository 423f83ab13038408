// How the main window is put together: centre, docks and menus.
#include <QAction>
#include <QClipboard>
#include <QDockWidget>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QSplitter>
#include <QTabBar>
#include <QVBoxLayout>

#include "app/charts/latency_chart.h"
#include "app/charts/memory_timeline.h"
#include "app/graph/graph_canvas.h"
#include "app/graph/legend_bar.h"
#include "app/panels/live_set_list.h"
#include "app/panels/main_window.h"
#include "app/panels/operators_panel.h"
#include "app/panels/passes_panel.h"
#include "app/panels/selection_panel.h"
#include "app/panels/verdict_header.h"

namespace kasuri::app {
namespace {

constexpr int kToolBarHeight = 34, kLeftDock = 300, kBottomDock = 258;

QDockWidget *dock(QMainWindow *window, const QString &title, const char *name, QWidget *content,
                  Qt::DockWidgetArea area)
{
    auto *d = new QDockWidget(title, window);
    d->setObjectName(QString::fromLatin1(name));
    d->setWidget(content);
    d->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
    d->setTitleBarWidget(new QWidget(d)); // the tab says the name already
    window->addDockWidget(area, d);
    return d;
}

} // namespace

void MainWindow::buildCentre()
{
    auto *centre = new QWidget(this);
    auto *column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *bar = new QWidget(centre);
    bar->setFixedHeight(kToolBarHeight);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 2, 8, 2);
    sideTabs_ = new QTabBar(bar);
    sideTabs_->addTab(tr("Before"));
    sideTabs_->addTab(tr("After"));
    sideTabs_->setCurrentIndex(1);
    sideTabs_->setObjectName(QStringLiteral("sideTabs"));
    search_ = new QLineEdit(bar);
    search_->setPlaceholderText(tr("Find operator, type, shape…   Ctrl+F"));
    search_->setClearButtonEnabled(true);
    search_->setMaximumWidth(280);
    hits_ = new QLabel(bar);
    row->addWidget(sideTabs_);
    row->addStretch();
    row->addWidget(hits_);
    row->addWidget(search_);
    canvas_ = new GraphCanvas(theme_, centre);
    canvas_->setObjectName(QStringLiteral("graphCanvas"));
    column->addWidget(bar);
    column->addWidget(canvas_, 1);
    legend_ = new LegendBar(theme_, centre);
    column->addWidget(legend_);
    setCentralWidget(centre);
    connect(sideTabs_, &QTabBar::currentChanged, this, &MainWindow::refreshGraph);
    connect(canvas_, &GraphCanvas::operatorsSelected, this, &MainWindow::linkSelection);
    connect(search_, &QLineEdit::textChanged, this, [this](const QString &text) {
        const int count = canvas_->search(text);
        hits_->setText(text.isEmpty() ? QString() : tr("%1 hits").arg(count));
    });
    connect(search_, &QLineEdit::returnPressed, this, [this] { canvas_->nextHit(1); });
}

void MainWindow::buildDocks()
{
    header_ = new VerdictHeader(theme_, this);
    auto *top = new QDockWidget(this);
    top->setObjectName(QStringLiteral("verdictDock"));
    top->setTitleBarWidget(new QWidget(top));
    top->setWidget(header_);
    top->setFeatures(QDockWidget::NoDockWidgetFeatures);
    addDockWidget(Qt::TopDockWidgetArea, top);
    connect(header_, &VerdictHeader::measureRequested, this, [this] { document_.measure(false); });
    connect(header_, &VerdictHeader::cancelRequested, this, [this] { document_.cancel(); });
    passes_ = new PassesPanel(theme_, this);
    selection_ = new SelectionPanel(this);
    auto *left = dock(this, tr("Passes"), "passesDock", passes_, Qt::LeftDockWidgetArea);
    auto *facts = dock(this, tr("Selection"), "selectionDock", selection_, Qt::LeftDockWidgetArea);
    tabifyDockWidget(left, facts);
    left->raise();
    timeline_ = new MemoryTimeline(theme_, this);
    timeline_->setObjectName(QStringLiteral("memoryTimeline"));
    live_ = new LiveSetList(this);
    auto *memory = new QSplitter(this);
    memory->addWidget(timeline_);
    memory->addWidget(live_);
    memory->setStretchFactor(0, 3);
    memory->setStretchFactor(1, 1);
    memory->setSizes({900, 260});
    operators_ = new OperatorsPanel(this);
    chart_ = new LatencyChart(theme_, this);
    auto *bottom = dock(this, tr("Memory"), "memoryDock", memory, Qt::BottomDockWidgetArea);
    auto *table
        = dock(this, tr("Operators"), "operatorsDock", operators_, Qt::BottomDockWidgetArea);
    auto *time = dock(this, tr("Time"), "timeDock", chart_, Qt::BottomDockWidgetArea);
    tabifyDockWidget(bottom, table);
    tabifyDockWidget(table, time);
    bottom->raise();
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    resizeDocks({left}, {kLeftDock}, Qt::Horizontal);
    resizeDocks({bottom}, {kBottomDock}, Qt::Vertical);
    connect(passes_, &PassesPanel::toggleRequested, this,
            [this](const QString &key, bool on) { document_.toggle(key, on); });
    connect(passes_, &PassesPanel::operatorsSelected, this, &MainWindow::linkSelection);
    connect(operators_, &OperatorsPanel::operatorsSelected, this, &MainWindow::linkSelection);
    connect(timeline_, &MemoryTimeline::stepChosen, this, [this](int step) {
        const DocumentState &s = document_.state();
        const PlanInfo *plan = s.after ? s.after.get() : s.before.get();
        live_->show(plan, step);
        if (plan && timeline_->hasFocus() && step < plan->steps.size())
            linkSelection(plan->steps[step].sources);
    });
}

void MainWindow::buildMenus()
{
    const auto add = [this](QMenu *menu, const QString &text, const QKeySequence &key, auto slot) {
        QAction *action = menu->addAction(text, this, slot);
        action->setShortcut(key);
        addAction(action);
        return action;
    };
    QMenu *file = menuBar()->addMenu(tr("&File"));
    add(file, tr("&Open…"), QKeySequence::Open, [this] { chooseModel(); });
    add(file, tr("&Export ONNX…"), Qt::CTRL | Qt::Key_E,
        [this] { chooseExport(ExportKind::Onnx); });
    add(file, tr("Export &plan…"), Qt::CTRL | Qt::ALT | Qt::Key_E,
        [this] { chooseExport(ExportKind::Plan); });
    add(file, tr("&Report…"), Qt::CTRL | Qt::Key_R, [this] { chooseExport(ExportKind::Report); });
    add(file, tr("Comparison as &JSON…"), Qt::CTRL | Qt::Key_J,
        [this] { chooseExport(ExportKind::Json); });
    file->addSeparator();
    add(file, tr("&Quit"), QKeySequence::Quit, [this] { close(); });
    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    QAction *undo = document_.undoStack()->createUndoAction(this, tr("Undo"));
    undo->setShortcut(QKeySequence::Undo);
    QAction *redo = document_.undoStack()->createRedoAction(this, tr("Redo"));
    redo->setShortcut(QKeySequence::Redo);
    edit->addActions({undo, redo});
    add(edit, tr("&Copy operators as text"), QKeySequence::Copy, [this] { operators_->copy(); });
    add(edit, tr("Copy the command &line"), Qt::CTRL | Qt::SHIFT | Qt::Key_C, [this] {
        if (document_.state().comparison)
            QGuiApplication::clipboard()->setText(document_.state().comparison->command);
    });
    add(edit, tr("&Find"), QKeySequence::Find, [this] { search_->setFocus(); });
    add(edit, tr("Next hit"), Qt::Key_F3, [this] { canvas_->nextHit(1); });
    add(edit, tr("Previous hit"), Qt::SHIFT | Qt::Key_F3, [this] { canvas_->nextHit(-1); });
    QMenu *run = menuBar()->addMenu(tr("&Run"));
    add(run, tr("&Measure"), Qt::Key_F5, [this] { document_.measure(false); });
    add(run, tr("Measure &quickly (9 blocks)"), Qt::SHIFT | Qt::Key_F5,
        [this] { document_.measure(true); });
    add(run, tr("&Cancel"), Qt::Key_Escape, [this] { document_.cancel(); });
    QMenu *view = menuBar()->addMenu(tr("&View"));
    add(view, tr("Fit"), Qt::CTRL | Qt::Key_9, [this] { canvas_->fitAll(true); });
    add(view, tr("1:1"), Qt::CTRL | Qt::Key_0, [this] { canvas_->zoomTo(1); });
    add(view, tr("Before"), Qt::ALT | Qt::Key_B, [this] { sideTabs_->setCurrentIndex(0); });
    add(view, tr("After"), Qt::ALT | Qt::Key_A, [this] { sideTabs_->setCurrentIndex(1); });
    int number = 1;
    for (const char *name :
         {"passesDock", "selectionDock", "memoryDock", "operatorsDock", "timeDock"}) {
        auto *d = findChild<QDockWidget *>(QString::fromLatin1(name));
        add(view, d->windowTitle(), QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + number++)), [d] {
            const bool front = d->isVisible() && !d->visibleRegion().isEmpty();
            d->setVisible(!front);
            if (!front)
                d->raise();
        });
    }
}

void MainWindow::chooseModel()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a model"), {},
                                                      tr("Models (*.onnx *.ktxt);;All files (*)"));
    if (!path.isEmpty())
        openModel(path);
}

void MainWindow::chooseExport(ExportKind kind)
{
    static const char *const kFilters[]
        = {"ONNX (*.onnx)", "Kasuri plan (*.kplan)", "Report (*.html)", "JSON (*.json)"};
    const QString path = QFileDialog::getSaveFileName(this, tr("Export"), {},
                                                      QString::fromLatin1(kFilters[int(kind)]));
    if (!path.isEmpty())
        document_.exportTo(kind, path);
}

} // namespace kasuri::app
