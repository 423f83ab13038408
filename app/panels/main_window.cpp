#include "app/panels/main_window.h"

#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QMimeData>
#include <QProgressBar>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QStatusBar>
#include <algorithm>

#include "app/panels/advice_panel.h"
#include "app/panels/dynamic_panel.h"
#include "app/panels/early_exit_panel.h"
#include "app/panels/graph_pane.h"
#include "app/panels/inputs_panel.h"
#include "app/panels/matrix_panel.h"
#include "app/panels/memory_panel.h"
#include "app/panels/operators_panel.h"
#include "app/panels/passes_panel.h"
#include "app/panels/problems_panel.h"
#include "app/panels/search_panel.h"
#include "app/panels/selection_panel.h"
#include "app/panels/sides_panel.h"
#include "app/panels/start_page.h"
#include "app/panels/time_panel.h"
#include "app/panels/verdict_header.h"
#include "app/panels/why_not_panel.h"
#include "app/session/measured_words.h"
#include "app/session/self_test.h"

namespace kasuri::app {
namespace {

constexpr double kAboutShare = 0.45; ///< of the menu bar's width

} // namespace

MainWindow::MainWindow(Theme &theme, const QString &kasuriProgram, QWidget *parent)
    : QMainWindow(parent), theme_(theme), document_(kasuriProgram), keeper_(document_, runs_)
{
    setMinimumSize(1024, 640);
    resize(1280, 800);
    setAcceptDrops(true);
    status_ = new QLabel(this);
    busy_ = new QProgressBar(this);
    busy_->setMaximumWidth(220);
    busy_->setTextVisible(false);
    busy_->hide();
    busy_->setAccessibleName(tr("Progress"));
    statusBar()->addWidget(status_, 1);
    about_ = new QLabel(this);
    about_->setObjectName(QStringLiteral("aboutModel"));
    about_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    about_->setContentsMargins(0, 3, 12, 0);
    statusBar()->addPermanentWidget(busy_);
    buildCentre(kasuriProgram);
    buildHeader();
    buildDocks(kasuriProgram);
    linkPanels();
    linkLooks();
    buildMenus();
    connect(&document_, &Document::changed, this, &MainWindow::refresh);
    connect(&document_, &Document::problem, this, &MainWindow::showProblem);
    connect(&document_, &Document::measured, this, &MainWindow::keepRun);
    connect(&document_, &Document::exported, this,
            [this](const QString &path) { status_->setText(tr("Written: %1").arg(path)); });
    connect(&document_, &Document::progressed, this, [this](const QString &what, double share) {
        status_->setText(what);
        busy_->setVisible(true);
        busy_->setRange(0, share < 0 ? 0 : 1000);
        busy_->setValue(int(share * 1000));
        refreshHeader();
        if (!document_.state().after)
            graph_->show(document_.state());
    });
    connect(&keeper_, &SessionKeeper::problem, this, &MainWindow::showProblem);
    connect(&keeper_, &SessionKeeper::noticed, this, [this](const QString &text) {
        notice_ = text;
        status_->setText(text);
    });
    connect(&keeper_, &SessionKeeper::saved, this,
            [this](const QString &path) { status_->setText(tr("Session saved: %1").arg(path)); });
    refresh();
    offerRecovery();
}

void MainWindow::openModel(const QString &path)
{
    notice_.clear();
    graph_->setMessage(tr("Opening…"));
    start_->setMessage({});
    if (path.endsWith(QLatin1String(".kasuri"), Qt::CaseInsensitive))
        keeper_.open(path);
    else
        document_.open(path);
}

void MainWindow::refresh()
{
    const DocumentState &s = document_.state();
    if (!s.model && !within_.words.isEmpty())
        showFilter({}); // it was of another model
    const bool empty = s.phase == DocumentState::Phase::Empty;
    centre_->setCurrentWidget(empty ? static_cast<QWidget *>(start_) : graph_);
    setWindowTitle(s.model ? tr("%1 — Kasuri").arg(s.model->name) : tr("Kasuri"));
    busy_->setVisible(s.working());
    tellModel();
    refreshHeader();
    refreshPanels();
    s.working() ? status_->setText(s.message) : refreshStatus();
    if (s.after)
        restoreLooks();
    // Once there is something to estimate, and never beside a measurement.
    const bool settled = s.after && s.after->recipe == document_.recipe();
    const bool told = s.advice && s.advice->recipe == document_.recipe();
    if (s.phase == DocumentState::Phase::Opened && settled && !told && advice_->isVisible())
        advice_->requestEstimate(document_.recipe());
}

void MainWindow::refreshPanels()
{
    const DocumentState &s = document_.state();
    graph_->show(s);
    const QVector<PassInfo> none;
    const QVector<PassInfo> &passes = s.model ? s.model->passes : none;
    const RecipeState shown = effective(s.recipe, passes);
    passes_->model()->setPasses(passes, shown.off, shown.on);
    passes_->setRecipe(document_.recipe(), s.recipe.exactOnly);
    passes_->setMovement(s.before.get(), s.after.get());
    passes_->refresh();
    whyNot_->setPasses(passes);
    operators_->model()->setPasses(passes);
    operators_->model()->setPlans(s.before, s.after, s.overlay);
    memory_->show(s);
    time_->show(s);
    advice_->show(s);
    problems_->show(s);
    sides_->show(s);
    matrix_->show(s);
    search_->show(s);
    exits_->show(s);
    dynamic_->show(s);
    inputs_->show(s);
    selection_->show(s, selected_);
    const auto kernels = [](const auto &plan) {
        return plan ? QString::number(plan->steps.size()) : QStringLiteral("–");
    };
    QString footer = tr("Kernels: %1 before, %2 after").arg(kernels(s.before), kernels(s.after));
    if (s.after && s.after->profile)
        footer
            += tr("     profiled, overhead %1 %").arg(s.after->profile->overhead * 100, 0, 'f', 1);
    if (s.overlay)
        footer += QStringLiteral("     ") + inWords(*s.overlay);
    operators_->setFooter(footer);
}

void MainWindow::refreshStatus()
{
    const DocumentState &s = document_.state();
    if (!notice_.isEmpty())
        return status_->setText(notice_);
    if (!s.message.isEmpty() && s.phase != DocumentState::Phase::Opened)
        return status_->setText(s.message);
    if (!s.model)
        return status_->setText(tr("No model open. Ctrl+O opens one."));
    QString text = s.comparison
        ? measuredWords(*s.comparison, SelfTest::kept(), QDateTime::currentDateTime())
        : tr("Not measured yet. F5 measures.");
    status_->setToolTip(s.comparison ? s.comparison->machine.isa : QString());
    if (s.overlay)
        text += QStringLiteral("      ") + inWords(*s.overlay);
    status_->setText(text);
}

/// The model at the right end of the menu; a menu bar lays out what is set anew.
void MainWindow::tellModel()
{
    const DocumentState &s = document_.state();
    const auto count = [](const auto &plan) {
        return plan ? QString::number(plan->steps.size()) : QStringLiteral("–");
    };
    about_->setText(s.model ? tr("%1 · opset %2 · %3 operators → %4 kernels")
                                  .arg(s.model->name)
                                  .arg(s.model->opset)
                                  .arg(s.model->operators.size())
                                  .arg(count(s.after))
                            : QString());
    about_->setToolTip(s.model ? s.model->path : QString());
    about_->setFixedWidth(std::min(about_->sizeHint().width(), int(width() * kAboutShare)));
    menuBar()->setCornerWidget(about_);
    about_->setVisible(s.model != nullptr);
}

void MainWindow::refreshHeader()
{
    const DocumentState &s = document_.state();
    VerdictState v;
    using From = DocumentState::Phase;
    using To = VerdictState::Phase;
    static const QHash<int, To> kPhases{
        {int(From::Empty), To::Empty},       {int(From::Opening), To::Opening},
        {int(From::Opened), To::Opened},     {int(From::Measuring), To::Measuring},
        {int(From::Measured), To::Measured}, {int(From::Stale), To::Stale},
        {int(From::Failed), To::Failed}};
    v.phase = kPhases.value(int(s.phase));
    v.threads = s.target.threads;
    v.message = s.message;
    v.progress = s.progress;
    v.before = s.before;
    v.after = s.after;
    v.comparison = s.comparison;
    v.measuredRecipe = s.measuredRecipe;
    if (s.advice && s.advice->recipe == document_.recipe())
        v.estimate = {s.advice->beforeMs, s.advice->afterMs};
    header_->setState(v);
}

void MainWindow::linkSelection(const QStringList &operators)
{
    if (linking_)
        return;
    const QScopedValueRollback guard(linking_, true);
    selected_ = operators;
    graph_->selectOperators(operators);
    operators_->selectOperators(operators);
    memory_->selectOperators(operators);
    time_->selectOperators(operators);
    selection_->show(document_.state(), operators);
    visit();
}

void MainWindow::keepRun(const ComparisonInfo &result, const QString &recipe)
{
    const DocumentState &s = document_.state();
    runs_.add(
        {QString(), QDateTime::currentDateTime(), s.model->name, recipe, s.target, result, {}});
    if (result.bisected)
        showProblems([this] { problems_->showBisection(); });
}

void MainWindow::showProblem(const QString &message)
{
    status_->setText(QStringLiteral("× ") + message);
    if (!document_.state().model)
        start_->setMessage(QStringLiteral("× ") + message);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.isEmpty() || !urls.first().isLocalFile())
        return;
    const QString path = urls.first().toLocalFile();
    if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive))
        overlayProfile(path);
    else
        openModel(path);
}

} // namespace kasuri::app
