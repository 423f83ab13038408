// How the main window is put together: centre, header, docks and what links them.
#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

#include "app/charts/kernel_timeline.h"
#include "app/graph/alike_kernels.h"
#include "app/graph/graph_canvas.h"
#include "app/panels/advice_panel.h"
#include "app/panels/dock_rail.h"
#include "app/panels/dynamic_panel.h"
#include "app/panels/early_exit_panel.h"
#include "app/panels/filter_strip.h"
#include "app/panels/graph_pane.h"
#include "app/panels/inputs_panel.h"
#include "app/panels/main_window.h"
#include "app/panels/matrix_panel.h"
#include "app/panels/memory_panel.h"
#include "app/panels/name_strip.h"
#include "app/panels/operators_panel.h"
#include "app/panels/passes_panel.h"
#include "app/panels/picture_menu.h"
#include "app/panels/problems_panel.h"
#include "app/panels/runs_panel.h"
#include "app/panels/search_panel.h"
#include "app/panels/selection_panel.h"
#include "app/panels/sides_panel.h"
#include "app/panels/start_page.h"
#include "app/panels/time_panel.h"
#include "app/panels/verdict_header.h"
#include "app/panels/why_not_panel.h"

namespace kasuri::app {
namespace {

constexpr int kLeftDock = 300, kBottomDock = 258, kBottomLeast = 420;
const char *const kBottom[]
    = {"operatorsDock", "timeDock",   "runsDock",      "whyNotDock",  "problemsDock", "sidesDock",
       "matrixDock",    "searchDock", "earlyExitDock", "dynamicDock", "inputsDock"};

QDockWidget *dock(QMainWindow *window, const QString &title, const char *name, QWidget *content,
                  Qt::DockWidgetArea area)
{
    auto *d = new QDockWidget(title, window);
    d->setObjectName(QString::fromLatin1(name));
    d->setWidget(content);
    if (area == Qt::BottomDockWidgetArea)
        content->setMinimumWidth(kBottomLeast); // one wide tab must not narrow its neighbours
    d->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
    d->setTitleBarWidget(new QWidget(d)); // the tab says the name already
    window->addDockWidget(area, d);
    return d;
}

} // namespace

void MainWindow::buildCentre(const QString &kasuriProgram)
{
    auto *centre = new QWidget(this);
    centre_ = new QStackedWidget(centre);
    name_ = new NameStrip(centre);
    filter_ = new FilterStrip(centre);
    auto *column = new QVBoxLayout;
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (QWidget *part : std::initializer_list<QWidget *>{name_, filter_})
        column->addWidget(part);
    column->addWidget(centre_, 1);
    (new QHBoxLayout(centre))->addLayout(column, 1);
    centre->layout()->setContentsMargins(0, 0, 0, 0);
    centre->layout()->setSpacing(0);
    start_ = new StartPage(kasuriProgram, centre_);
    graph_ = new GraphPane(theme_, centre_);
    centre_->addWidget(start_);
    centre_->addWidget(graph_);
    setCentralWidget(centre);
    connect(name_, &NameStrip::given, this, &MainWindow::giveGroup);
    connect(name_, &NameStrip::closed, this, [this] { graph_->front()->setFocus(); });
    connect(filter_, &FilterStrip::cleared, this, [this] { narrow({}); });
    auto *gpu = new QLabel(this);
    gpu->setObjectName(QStringLiteral("gpuStatus"));
    gpu->setContentsMargins(0, 0, 12, 0);
    statusBar()->addPermanentWidget(gpu);
    connect(start_, &StartPage::gpuKnown, gpu, [gpu](const QString &words, const QString &why) {
        gpu->setText(words);
        gpu->setToolTip(why);
    });
    connect(start_, &StartPage::openRequested, this, &MainWindow::chooseModel);
    connect(start_, &StartPage::modelChosen, this, &MainWindow::openModel);
    connect(start_, &StartPage::recoveryChosen, this, [this](const QString &file) {
        start_->setRecovery({});
        keeper_.recover(file);
    });
    connect(graph_, &GraphPane::operatorsSelected, this, &MainWindow::linkSelection);
    connect(graph_, &GraphPane::told, this,
            [this](const QString &text) { status_->setText(text); });
    connect(graph_, &GraphPane::dimChosen, this, [this](const QString &name, qint64 value) {
        Target target = document_.state().target;
        target.dims.insert(name, value);
        document_.retarget(tr("set %1 to %2").arg(name).arg(value), target);
    });
}

void MainWindow::buildHeader()
{
    header_ = new VerdictHeader(theme_, this);
    addPictureMenu(header_);
    auto *top = new QDockWidget(tr("Verdict"), this);
    top->setObjectName(QStringLiteral("verdictDock"));
    top->setTitleBarWidget(new QWidget(top));
    top->setWidget(header_);
    top->setFeatures(QDockWidget::NoDockWidgetFeatures);
    addDockWidget(Qt::TopDockWidgetArea, top);
    connect(header_, &VerdictHeader::measureRequested, this,
            [this] { measure(MeasureKind::Full); });
    connect(header_, &VerdictHeader::threadsChosen, this, [this](int threads) {
        Target target = document_.state().target;
        target.threads = threads;
        document_.retarget(tr("use %n threads", nullptr, threads), target);
    });
    connect(header_, &VerdictHeader::cancelRequested, this, [this] { document_.cancel(); });
}

void MainWindow::buildDocks(const QString &kasuriProgram)
{
    passes_ = new PassesPanel(theme_, this);
    selection_ = new SelectionPanel(theme_, this);
    advice_ = new AdvicePanel(this);
    memory_ = new MemoryPanel(theme_, this);
    operators_ = new OperatorsPanel(theme_, this);
    time_ = new TimePanel(theme_, this);
    runsPanel_ = new RunsPanel(runs_, this);
    whyNot_ = new WhyNotPanel(this);
    problems_ = new ProblemsPanel(this);
    sides_ = new SidesPanel(this);
    matrix_ = new MatrixPanel(theme_, kasuriProgram, this);
    search_ = new SearchPanel(theme_, kasuriProgram, this);
    exits_ = new EarlyExitPanel(theme_, kasuriProgram, document_.undoStack(), this);
    dynamic_ = new DynamicPanel(kasuriProgram, this);
    inputs_ = new InputsPanel(this);
    const auto left = Qt::LeftDockWidgetArea, bottom = Qt::BottomDockWidgetArea;
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    auto *passes = dock(this, tr("Passes"), "passesDock", passes_, left);
    auto *facts = dock(this, tr("Selection"), "selectionDock", selection_, left);
    auto *advice = dock(this, tr("Advice"), "adviceDock", advice_, left);
    tabifyDockWidget(passes, facts);
    tabifyDockWidget(facts, advice);
    QDockWidget *last = dock(this, tr("Memory"), "memoryDock", memory_, bottom);
    QDockWidget *memory = last;
    QWidget *const contents[] = {operators_, time_,   runsPanel_, whyNot_,  problems_, sides_,
                                 matrix_,    search_, exits_,     dynamic_, inputs_};
    const QString titles[] = {tr("Operators"),  tr("Time"),       tr("Runs"),   tr("Why not"),
                              tr("Problems"),   tr("Sides"),      tr("Matrix"), tr("Search"),
                              tr("Early exit"), tr("Generation"), tr("Inputs")};
    for (size_t i = 0; i < std::size(kBottom); ++i) {
        QDockWidget *next = dock(this, titles[i], kBottom[i], contents[i], bottom);
        tabifyDockWidget(last, next);
        last = next;
    }
    auto *sides = qobject_cast<QHBoxLayout *>(centralWidget()->layout());
    const QVector<QDockWidget *> beside{passes, facts, advice};
    sides->insertWidget(0, new DockRail(this, beside, left, centralWidget()));
    sides->addWidget(new DockRail(this, beside, Qt::RightDockWidgetArea, centralWidget()));
    passes->raise();
    memory->raise();
    resizeDocks({passes}, {kLeftDock}, Qt::Horizontal);
    resizeDocks({memory}, {kBottomDock}, Qt::Vertical);
}

void MainWindow::linkPanels()
{
    connect(passes_, &PassesPanel::toggleRequested, this,
            [this](const QString &key, bool on) { document_.toggle(key, on); });
    connect(passes_, &PassesPanel::exactOnlyRequested, this, [this](bool locked) {
        RecipeState recipe = document_.state().recipe;
        recipe.exactOnly = locked;
        document_.setRecipe(locked ? tr("exact only") : tr("unlock what is not exact"), recipe);
        refresh();
    });
    connect(passes_, &PassesPanel::recipeChosen, this,
            [this](const QString &text) { text.isEmpty() ? chooseRecipe() : useRecipe(text); });
    connect(passes_, &PassesPanel::operatorsSelected, this, &MainWindow::linkSelection);
    connect(operators_, &OperatorsPanel::operatorsSelected, this, &MainWindow::linkSelection);
    connect(operators_, &OperatorsPanel::filterChanged, this, &MainWindow::visit);
    connect(graph_, &GraphPane::drawn, this, [this] {
        if (const Picture &after = graph_->pictures().of(Side::After); after.plain)
            operators_->model()->setBlocks(after.madeFrom.plan, alikeItems(*after.plain));
    });
    connect(memory_, &MemoryPanel::operatorsSelected, this, &MainWindow::linkSelection);
    connect(memory_->timeline(), &MemoryTimeline::modeChanged, this, &MainWindow::visit);
    connect(selection_, &SelectionPanel::operatorsSelected, this, &MainWindow::linkSelection);
    connect(time_, &TimePanel::operatorsSelected, this, &MainWindow::linkSelection);
    connect(whyNot_, &WhyNotPanel::operatorsSelected, this, &MainWindow::linkSelection);
    connect(problems_, &ProblemsPanel::operatorsSelected, this, &MainWindow::linkSelection);
    connect(matrix_, &MatrixPanel::problem, this, &MainWindow::showProblem);
    connect(search_, &SearchPanel::problem, this, &MainWindow::showProblem);
    connect(exits_, &EarlyExitPanel::problem, this, &MainWindow::showProblem);
    connect(dynamic_, &DynamicPanel::problem, this, &MainWindow::showProblem);
    connect(inputs_, &InputsPanel::sourceChosen, this, &MainWindow::feed);
    const auto use = [this](const QString &spec) {
        RecipeState recipe = recipeFromSpec(spec);
        recipe.exactOnly = document_.state().recipe.exactOnly;
        document_.setRecipe(tr("use %1").arg(spec), recipe);
    };
    connect(search_, &SearchPanel::recipeChosen, this, use);
    connect(advice_, &AdvicePanel::estimateRequested, this, [this](const PaybackInput &payback) {
        MeasureRequest request(MeasureKind::Estimate);
        request.payback = payback;
        document_.measure(request);
    });
    connect(runsPanel_, &RunsPanel::recipeChosen, this, use);
    connect(runsPanel_, &RunsPanel::baselineRequested, this, &MainWindow::chooseBaseline);
    const auto measureSides = [this](const QStringList &columns) {
        MeasureRequest request;
        request.sides = columns;
        measure(request);
    };
    connect(runsPanel_, &RunsPanel::togetherRequested, this, measureSides);
    connect(sides_, &SidesPanel::measureRequested, this, measureSides);
    connect(sides_, &SidesPanel::requirementsChosen, this, [this](const QStringList &wanted) {
        Target target = document_.state().target;
        target.requirements = wanted;
        document_.retarget(tr("change the requirements"), target);
    });
    keeper_.setViews([this] { return looks(); }, [this](const QJsonObject &l) { takeLooks(l); });
}

} // namespace kasuri::app
