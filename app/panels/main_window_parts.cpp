// How the main window is put together: centre, docks and menus.
#include <QAction>
#include <QClipboard>
#include <QDockWidget>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenuBar>
#include <QStackedWidget>

#include "app/charts/latency_chart.h"
#include "app/graph/graph_canvas.h"
#include "app/panels/command_palette.h"
#include "app/panels/graph_pane.h"
#include "app/panels/main_window.h"
#include "app/panels/memory_panel.h"
#include "app/panels/operators_panel.h"
#include "app/panels/passes_panel.h"
#include "app/panels/selection_panel.h"
#include "app/panels/shortcut_sheet.h"
#include "app/panels/start_page.h"
#include "app/panels/verdict_header.h"

namespace kasuri::app {
namespace {

constexpr int kLeftDock = 300, kBottomDock = 258;

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

void MainWindow::buildCentre(const QString &kasuriProgram)
{
    centre_ = new QStackedWidget(this);
    start_ = new StartPage(theme_, kasuriProgram, centre_);
    graph_ = new GraphPane(theme_, centre_);
    centre_->addWidget(start_);
    centre_->addWidget(graph_);
    setCentralWidget(centre_);
    connect(start_, &StartPage::openRequested, this, &MainWindow::chooseModel);
    connect(start_, &StartPage::modelChosen, this, &MainWindow::openModel);
    connect(graph_, &GraphPane::operatorsSelected, this, &MainWindow::linkSelection);
    connect(graph_, &GraphPane::dimChosen, &document_, &Document::setDim);
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
    connect(header_, &VerdictHeader::measureRequested, this,
            [this] { document_.measure(MeasureKind::Full); });
    connect(header_, &VerdictHeader::threadsChosen, &document_, &Document::setThreads);
    connect(header_, &VerdictHeader::cancelRequested, this, [this] { document_.cancel(); });
    passes_ = new PassesPanel(theme_, this);
    selection_ = new SelectionPanel(this);
    auto *left = dock(this, tr("Passes"), "passesDock", passes_, Qt::LeftDockWidgetArea);
    auto *facts = dock(this, tr("Selection"), "selectionDock", selection_, Qt::LeftDockWidgetArea);
    tabifyDockWidget(left, facts);
    left->raise();
    memory_ = new MemoryPanel(theme_, this);
    operators_ = new OperatorsPanel(this);
    chart_ = new LatencyChart(theme_, this);
    auto *bottom = dock(this, tr("Memory"), "memoryDock", memory_, Qt::BottomDockWidgetArea);
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
    connect(memory_, &MemoryPanel::operatorsSelected, this, &MainWindow::linkSelection);
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
    add(file, tr("&Quit"), Qt::CTRL | Qt::Key_Q, [this] { close(); });
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
    add(edit, tr("&Find"), QKeySequence::Find, [this] { graph_->focusSearch(); });
    add(edit, tr("Next hit"), Qt::Key_F3, [this] { graph_->nextHit(1); });
    add(edit, tr("Previous hit"), Qt::SHIFT | Qt::Key_F3, [this] { graph_->nextHit(-1); });
    QMenu *run = menuBar()->addMenu(tr("&Run"));
    add(run, tr("&Measure"), Qt::Key_F5, [this] { document_.measure(MeasureKind::Full); });
    add(run, tr("Measure &quickly (9 blocks)"), Qt::SHIFT | Qt::Key_F5,
        [this] { document_.measure(MeasureKind::Quick); });
    add(run, tr("Measure &each pass alone and left out"), Qt::CTRL | Qt::Key_F5,
        [this] { document_.measure(MeasureKind::EachPass); });
    add(run, tr("&Cancel"), Qt::Key_Escape, [this] { document_.cancel(); });
    QMenu *view = menuBar()->addMenu(tr("&View"));
    add(view, tr("Fit"), Qt::CTRL | Qt::Key_9, [this] { graph_->front()->fitAll(true); });
    add(view, tr("1:1"), Qt::CTRL | Qt::Key_0, [this] { graph_->front()->zoomTo(1); });
    for (const auto &[name, key, shown] :
         {std::tuple(tr("Before"), Qt::Key_B, GraphView::Before),
          std::tuple(tr("After"), Qt::Key_A, GraphView::After),
          std::tuple(tr("Split"), Qt::Key_S, GraphView::Split),
          std::tuple(tr("Difference"), Qt::Key_D, GraphView::Difference)})
        add(view, name, Qt::ALT | key, [this, shown = shown] { graph_->setView(shown); });
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

void MainWindow::buildHelp()
{
    auto *palette = new CommandPalette(this);
    auto *sheet = new ShortcutSheet(this);
    connect(palette, &CommandPalette::operatorChosen, this,
            [this](const QString &name) { linkSelection({name}); });
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    const auto add = [this, help](const QString &text, const QKeySequence &key, auto slot) {
        QAction *action = help->addAction(text, this, slot);
        action->setShortcut(key);
        addAction(action);
    };
    add(tr("Command &palette"), Qt::CTRL | Qt::Key_K, [this, palette] {
        QStringList names;
        if (document_.state().model)
            for (const OperatorInfo &op : document_.state().model->operators)
                names << op.name;
        palette->open(names);
    });
    add(tr("&Keys"), Qt::Key_Question, [sheet] { sheet->open(); });
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
