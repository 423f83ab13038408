// Every action of the window with its key.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenuBar>
#include <QTimer>
#include <tuple>

#include "app/graph/graph_canvas.h"
#include "app/panels/command_palette.h"
#include "app/panels/dynamic_panel.h"
#include "app/panels/early_exit_panel.h"
#include "app/panels/graph_pane.h"
#include "app/panels/main_window.h"
#include "app/panels/matrix_panel.h"
#include "app/panels/operators_panel.h"
#include "app/panels/passes_panel.h"
#include "app/panels/problems_panel.h"
#include "app/panels/report_dialog.h"
#include "app/panels/search_panel.h"
#include "app/panels/settings_sheet.h"
#include "app/panels/shortcut_sheet.h"
#include "app/panels/sides_panel.h"
#include "app/session/recent_files.h"
#include "app/style/font_scale.h"

namespace kasuri::app {
namespace {

constexpr double kZoomStep = 1.25, kFontStep = 0.1;

/// The list of a dock, or whatever else of it takes keys.
void focusFirst(QWidget &content)
{
    const auto lists = content.findChildren<QAbstractItemView *>();
    for (QAbstractItemView *list : lists)
        if (list->isVisible() && qobject_cast<QHeaderView *>(list) == nullptr)
            return list->setFocus(Qt::ShortcutFocusReason);
    for (QWidget *child : content.findChildren<QWidget *>())
        if (child->isVisible() && (child->focusPolicy() & Qt::TabFocus))
            return child->setFocus(Qt::ShortcutFocusReason);
}

} // namespace

QAction *MainWindow::addTo(QMenu *menu, const QString &text, const QKeySequence &key,
                           std::function<void()> slot)
{
    QAction *action = menu->addAction(text, this, std::move(slot));
    action->setShortcut(key);
    addAction(action);
    return action;
}

void MainWindow::buildMenus()
{
    buildFileMenu();
    buildEditMenu();
    buildViewMenu();
    buildModelMenus();
    buildWindowMenu();
    buildHelp();
}

void MainWindow::buildFileMenu()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    addTo(file, tr("&Open…"), QKeySequence::Open, [this] { chooseModel(); });
    buildRecent(*file->addMenu(tr("Open &recent")));
    addTo(file, tr("Open &session…"), Qt::CTRL | Qt::SHIFT | Qt::Key_O,
          [this] { chooseSession(); });
    addTo(file, tr("&Save session"), QKeySequence::Save, [this] { saveSession(false); });
    addTo(file, tr("Save session &as…"), Qt::CTRL | Qt::SHIFT | Qt::Key_S,
          [this] { saveSession(true); });
    file->addSeparator();
    addTo(file, tr("&Export ONNX or plan…"), Qt::CTRL | Qt::Key_E,
          [this] { chooseExport(ExportKind::Onnx); });
    addTo(file, tr("Export &graph as picture…"), Qt::CTRL | Qt::SHIFT | Qt::Key_E,
          [this] { graph_->exportTo({}); });
    addTo(file, tr("Export &trace…"), Qt::CTRL | Qt::SHIFT | Qt::Key_T,
          [this] { chooseExport(ExportKind::Trace); });
    addTo(file, tr("E&xtract selection…"), Qt::CTRL | Qt::SHIFT | Qt::Key_X,
          [this] { extractSelection(); });
    addTo(file, tr("Comparison as &JSON…"), Qt::CTRL | Qt::Key_J,
          [this] { chooseExport(ExportKind::Json); });
    addTo(file, tr("Operators as CS&V…"), Qt::CTRL | Qt::SHIFT | Qt::Key_J,
          [this] { chooseTable(); });
    addTo(file, tr("Re&cipe as text…"), Qt::CTRL | Qt::SHIFT | Qt::Key_R,
          [this] { chooseExport(ExportKind::Recipe); });
    file->addSeparator();
    addTo(file, tr("&Close model"), Qt::CTRL | Qt::Key_W, [this] { closeModel(); });
    addTo(file, tr("&Quit"), Qt::CTRL | Qt::Key_Q, [this] { close(); });
}

void MainWindow::buildRecent(QMenu &menu)
{
    menu.setObjectName(QStringLiteral("recentMenu"));
    menu.menuAction()->setShortcut(Qt::CTRL | Qt::Key_H);
    connect(menu.menuAction(), &QAction::triggered, &menu,
            [this, &menu] { menu.popup(mapToGlobal(menuBar()->geometry().bottomLeft())); });
    connect(&menu, &QMenu::aboutToShow, this, [this, &menu] {
        menu.clear();
        const QStringList files = recentFiles();
        for (qsizetype i = 0; i < files.size(); ++i)
            menu.addAction(
                QStringLiteral("&%1  %2")
                    .arg((i + 1) % 10)
                    .arg(QString(files[i]).replace(QLatin1Char('&'), QLatin1String("&&"))),
                this, [this, path = files[i]] { openModel(path); });
        if (files.isEmpty())
            menu.addAction(tr("No model was opened before"))->setEnabled(false);
    });
}

void MainWindow::buildEditMenu()
{
    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    QAction *undo = document_.undoStack()->createUndoAction(this, tr("Undo"));
    undo->setShortcut(QKeySequence::Undo);
    QAction *redo = document_.undoStack()->createRedoAction(this, tr("Redo"));
    redo->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_Z);
    edit->addActions({undo, redo});
    addActions({undo, redo});
    passes_->setHistory(undo, redo);
    edit->addSeparator();
    addTo(edit, tr("&Copy as text"), QKeySequence::Copy, [this] { copyAsText(); });
    addTo(edit, tr("Copy the command &line"), Qt::CTRL | Qt::SHIFT | Qt::Key_C, [this] {
        if (document_.state().comparison)
            QGuiApplication::clipboard()->setText(document_.state().comparison->command);
    });
    edit->addSeparator();
    addTo(edit, tr("&Find"), QKeySequence::Find, [this] { graph_->focusSearch(); });
    addTo(edit, tr("Next hit"), Qt::Key_F3, [this] { graph_->nextHit(1); });
    addTo(edit, tr("Previous hit"), Qt::SHIFT | Qt::Key_F3, [this] { graph_->nextHit(-1); });
    edit->addSeparator();
    addTo(edit, tr("&Group the selection…"), Qt::CTRL | Qt::Key_G, [this] { groupSelected(); });
    addTo(edit, tr("&Ungroup"), Qt::CTRL | Qt::SHIFT | Qt::Key_G, [this] { ungroupSelected(); });
    edit->addSeparator();
    auto *settings = new SettingsSheet(theme_, this);
    connect(settings, &SettingsSheet::appearanceChosen, this, &MainWindow::showAppearance);
    addTo(edit, tr("&Settings"), Qt::CTRL | Qt::Key_Comma, [settings] { settings->open(); });
}

void MainWindow::buildViewMenu()
{
    QMenu *view = menuBar()->addMenu(tr("&View"));
    addTo(view, tr("Fit"), Qt::CTRL | Qt::Key_Backslash, [this] { graph_->front()->fitAll(true); });
    addTo(view, tr("1:1"), Qt::CTRL | Qt::Key_0, [this] { graph_->front()->zoomTo(1); });
    const auto zoom = [this](double factor) {
        graph_->front()->zoomTo(graph_->front()->anchor().scale / fontScale() * factor);
    };
    addTo(view, tr("Unfold everything"), Qt::CTRL | Qt::SHIFT | Qt::Key_U,
          [this] { graph_->foldAll(false); });
    addTo(view, tr("Fold what repeats"), Qt::CTRL | Qt::Key_U, [this] { graph_->foldAll(true); });
    addTo(view, tr("Zoom in"), Qt::CTRL | Qt::Key_Plus, [zoom] { zoom(kZoomStep); });
    addTo(view, tr("Zoom out"), Qt::CTRL | Qt::Key_Minus, [zoom] { zoom(1 / kZoomStep); });
    addTo(view, tr("Larger text"), Qt::ALT | Qt::Key_Plus,
          [] { setFontScale(fontScale() + kFontStep); });
    addTo(view, tr("Smaller text"), Qt::ALT | Qt::Key_Minus,
          [] { setFontScale(fontScale() - kFontStep); });
    view->addSeparator();
    for (const auto &[name, key, shown] :
         {std::tuple(tr("Before"), Qt::Key_B, GraphView::Before),
          std::tuple(tr("After"), Qt::Key_A, GraphView::After),
          std::tuple(tr("Split"), Qt::Key_S, GraphView::Split),
          std::tuple(tr("Difference"), Qt::Key_D, GraphView::Difference)})
        addTo(view, name, Qt::ALT | key, [this, shown = shown] { graph_->setView(shown); });
    view->addSeparator();
    addTo(view, tr("Filter to the selection"), Qt::CTRL | Qt::SHIFT | Qt::Key_F,
          [this] { narrow({tr("selection"), selected_}); });
    addTo(view, tr("Show everything"), Qt::CTRL | Qt::SHIFT | Qt::Key_A, [this] { narrow({}); });
    view->addSeparator();
    addTo(view, tr("Back"), Qt::ALT | Qt::Key_Left, [this] { goBack(-1); });
    addTo(view, tr("Forward"), Qt::ALT | Qt::Key_Right, [this] { goBack(1); });
}

void MainWindow::buildModelMenus()
{
    QMenu *passes = menuBar()->addMenu(tr("&Passes"));
    addTo(passes, tr("&Exact only"), Qt::CTRL | Qt::Key_L,
          [this] { emit passes_->exactOnlyRequested(!document_.state().recipe.exactOnly); });
    addTo(passes, tr("&Default recipe"), Qt::CTRL | Qt::SHIFT | Qt::Key_D,
          [this] { document_.setRecipe(tr("default recipe"), RecipeState{}); });
    addTo(passes, tr("Recipe from a &file…"), Qt::CTRL | Qt::ALT | Qt::Key_R,
          [this] { chooseRecipe(); });
    QMenu *run = menuBar()->addMenu(tr("&Run"));
    addTo(run, tr("&Measure"), Qt::Key_F5, [this] { measure(MeasureKind::Full); });
    addTo(run, tr("Measure &quickly (9 blocks)"), Qt::SHIFT | Qt::Key_F5,
          [this] { measure(MeasureKind::Quick); });
    addTo(run, tr("Measure &each pass alone and left out"), Qt::CTRL | Qt::Key_F5,
          [this] { measure(MeasureKind::EachPass); });
    addTo(run, tr("&Bisect: which rule or site breaks or slows"), Qt::SHIFT | Qt::Key_F7,
          [this] { measure(MeasureKind::Bisect); });
    addTo(run, tr("&Profile"), Qt::Key_F6, [this] { measure(MeasureKind::Profile); });
    addTo(run, tr("&Search for the best recipe"), Qt::Key_F7, [this] { searchRecipe(); });
    addTo(run, tr("Es&timate"), Qt::CTRL | Qt::Key_F7,
          [this] { document_.measure(MeasureKind::Estimate); });
    addTo(run, tr("&Cancel"), Qt::Key_Escape, [this] {
        if (matrix_->running())
            matrix_->start();
        if (search_->running())
            search_->start();
        if (exits_->running())
            exits_->start();
        if (dynamic_->running())
            dynamic_->start();
        document_.cancel();
    });
    QMenu *compare = menuBar()->addMenu(tr("&Compare"));
    addTo(compare, tr("Measure the &sides"), Qt::CTRL | Qt::SHIFT | Qt::Key_F5,
          [this] { emit sides_->measureRequested(sides_->sides()); });
    addTo(compare, tr("Against a saved &plan…"), Qt::CTRL | Qt::Key_B,
          [this] { chooseBaseline(); });
    addTo(compare, tr("Measure the &matrix"), Qt::CTRL | Qt::SHIFT | Qt::Key_F6,
          [this] { matrix_->start(); });
    addTo(compare, tr("&Overlay a profile…"), Qt::CTRL | Qt::ALT | Qt::Key_O,
          [this] { chooseOverlay(); });
    addTo(compare, tr("&Clear the overlay"), Qt::CTRL | Qt::ALT | Qt::SHIFT | Qt::Key_O,
          [this] { overlayProfile({}); });
    addTo(compare, tr("&Next problem"), Qt::Key_F8,
          [this] { showProblems([this] { problems_->next(); }); });
    QMenu *report = menuBar()->addMenu(tr("Re&port"));
    auto *fields = new ReportDialog(this);
    connect(fields, &ReportDialog::fieldsGiven, this,
            [this](const ReportFields &given) { chooseExport(ExportKind::Report, given); });
    addTo(report, tr("&Report…"), Qt::CTRL | Qt::Key_R, [fields] { fields->ask(); });
}

void MainWindow::buildWindowMenu()
{
    QMenu *windows = menuBar()->addMenu(tr("&Window"));
    const auto dockAction = [&](const char *name, const QKeySequence &key) {
        auto *d = findChild<QDockWidget *>(QString::fromLatin1(name));
        d->setProperty("key", key);
        addTo(windows, d->windowTitle(), key, [this, d] {
            const bool front = d->isVisible() && !d->visibleRegion().isEmpty();
            if (front && d->isAncestorOf(QApplication::focusWidget())) {
                d->hide();
                return graph_->front()->setFocus();
            }
            d->show();
            d->raise();
            QTimer::singleShot(0, d, [d] { focusFirst(*d->widget()); });
        });
    };
    int number = 1;
    for (const char *name : {"passesDock", "selectionDock", "memoryDock", "operatorsDock",
                             "timeDock", "runsDock", "adviceDock", "whyNotDock", "problemsDock"})
        dockAction(name, QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + number++)));
    dockAction("sidesDock", Qt::CTRL | Qt::ALT | Qt::Key_S);
    dockAction("matrixDock", Qt::CTRL | Qt::ALT | Qt::Key_M);
    dockAction("searchDock", Qt::CTRL | Qt::ALT | Qt::Key_F);
    dockAction("earlyExitDock", Qt::CTRL | Qt::ALT | Qt::Key_X);
    dockAction("dynamicDock", Qt::CTRL | Qt::ALT | Qt::Key_G);
    dockAction("inputsDock", Qt::CTRL | Qt::ALT | Qt::Key_I);
    windows->addSeparator();
    number = 1;
    for (const auto &[name, layout] : {std::pair(tr("Layout: explore"), Layout::Explore),
                                       {tr("Layout: compare"), Layout::Compare},
                                       {tr("Layout: memory"), Layout::Memory},
                                       {tr("Layout: my own"), Layout::Own}})
        addTo(windows, name, QKeySequence(Qt::ALT | Qt::Key(Qt::Key_0 + number++)),
              [this, layout = layout] { applyLayout(layout); });
    addTo(windows, tr("Keep this as my own layout"), Qt::CTRL | Qt::ALT | Qt::Key_4,
          [this] { keepOwnLayout(); });
    addTo(windows, tr("Full screen"), Qt::Key_F11,
          [this] { isFullScreen() ? showNormal() : showFullScreen(); });
}

void MainWindow::buildHelp()
{
    auto *palette = new CommandPalette(this);
    auto *sheet = new ShortcutSheet(this);
    connect(palette, &CommandPalette::jumped, this, &MainWindow::linkSelection);
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    addTo(help, tr("Command &palette"), Qt::CTRL | Qt::Key_K, [this, palette] {
        const auto &model = document_.state().model;
        QVector<PaletteJump> jumps;
        for (const OperatorInfo &op : model ? model->operators : QVector<OperatorInfo>())
            jumps.append({op.name, tr("operator"), {op.name}});
        for (const OperatorInfo &op : model ? model->operators : QVector<OperatorInfo>())
            for (const QString &tensor : op.outputs)
                jumps.append({tensor, tr("tensor"), {op.name}});
        palette->open(jumps);
    });
    addTo(help, tr("&Keys"), Qt::Key_Question, [sheet] { sheet->open(); });
    addTo(help, tr("&Help"), Qt::Key_F1, [sheet] { sheet->open(); });
}

} // namespace kasuri::app
