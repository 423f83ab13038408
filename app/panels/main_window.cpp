#include "app/panels/main_window.h"

#include <QDragEnterEvent>
#include <QLabel>
#include <QMimeData>
#include <QProgressBar>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QStatusBar>

#include "app/charts/latency_chart.h"
#include "app/panels/graph_pane.h"
#include "app/panels/memory_panel.h"
#include "app/panels/operators_panel.h"
#include "app/panels/passes_panel.h"
#include "app/panels/selection_panel.h"
#include "app/panels/start_page.h"
#include "app/panels/verdict_header.h"
#include "app/session/units.h"

namespace kasuri::app {

MainWindow::MainWindow(const Theme &theme, const QString &kasuriProgram, QWidget *parent)
    : QMainWindow(parent), theme_(theme), document_(kasuriProgram)
{
    setMinimumSize(1024, 640);
    resize(1280, 800);
    setAcceptDrops(true);
    buildCentre(kasuriProgram);
    buildDocks();
    buildMenus();
    buildHelp();
    status_ = new QLabel(this);
    busy_ = new QProgressBar(this);
    busy_->setMaximumWidth(220);
    busy_->setTextVisible(false);
    busy_->hide();
    statusBar()->addWidget(status_, 1);
    statusBar()->addPermanentWidget(busy_);
    connect(&document_, &Document::changed, this, &MainWindow::refresh);
    connect(&document_, &Document::problem, this, &MainWindow::showProblem);
    connect(&document_, &Document::exported, this,
            [this](const QString &path) { status_->setText(tr("Written: %1").arg(path)); });
    connect(&document_, &Document::progressed, this, [this](const QString &what, double share) {
        status_->setText(what);
        busy_->setVisible(true);
        busy_->setRange(0, share < 0 ? 0 : 1000);
        busy_->setValue(int(share * 1000));
        refreshHeader();
    });
    refresh();
}

void MainWindow::openModel(const QString &path)
{
    graph_->setMessage(tr("Opening…"));
    start_->setMessage({});
    document_.open(path);
}

void MainWindow::refresh()
{
    const DocumentState &s = document_.state();
    const bool empty = s.phase == DocumentState::Phase::Empty;
    centre_->setCurrentWidget(empty ? static_cast<QWidget *>(start_) : graph_);
    setWindowTitle(s.model ? tr("%1 — Kasuri").arg(s.model->name) : tr("Kasuri"));
    const bool working
        = s.phase == DocumentState::Phase::Opening || s.phase == DocumentState::Phase::Measuring;
    busy_->setVisible(working);
    refreshHeader();
    graph_->show(s);
    if (s.model) {
        passes_->model()->setPasses(s.model->passes, s.off, s.on);
        passes_->setRecipe(document_.recipe());
        passes_->refresh();
    }
    operators_->model()->setPlans(s.before, s.after);
    memory_->setPlans(s.before, s.after);
    chart_->setComparison(s.comparison);
    const auto kernels = [](const auto &plan) {
        return plan ? QString::number(plan->steps.size()) : QStringLiteral("–");
    };
    operators_->setFooter(
        tr("Kernels: %1 before, %2 after").arg(kernels(s.before), kernels(s.after)));
    if (!working)
        status_->setText(s.phase == DocumentState::Phase::Failed ? s.message
                             : s.model ? tr("%1 · opset %2 · %3 operators → %4 kernels")
                                             .arg(s.model->name)
                                             .arg(s.model->opset)
                                             .arg(s.model->operators.size())
                                             .arg(kernels(s.after))
                                       : tr("No model open. Ctrl+O opens one."));
}

void MainWindow::refreshHeader()
{
    const DocumentState &s = document_.state();
    VerdictState v;
    using From = DocumentState::Phase;
    using To = VerdictState::Phase;
    switch (s.phase) {
    case From::Empty:
    case From::Opening:
        v.phase = To::Empty;
        break;
    case From::Opened:
        v.phase = To::Opened;
        break;
    case From::Measuring:
        v.phase = To::Measuring;
        break;
    case From::Measured:
        v.phase = To::Measured;
        break;
    case From::Stale:
        v.phase = To::Stale;
        break;
    case From::Failed:
        v.phase = To::Failed;
        break;
    }
    v.threads = s.threads;
    v.message = s.message;
    v.progress = s.progress;
    v.before = s.before;
    v.after = s.after;
    v.comparison = s.comparison;
    header_->setState(v);
}

void MainWindow::linkSelection(const QStringList &operators)
{
    if (linking_)
        return;
    const QScopedValueRollback guard(linking_, true);
    graph_->selectOperators(operators);
    operators_->selectOperators(operators);
    memory_->selectOperators(operators);
    selection_->show(document_.state(), operators);
}

void MainWindow::showProblem(const QString &message)
{
    status_->setText(QStringLiteral("× ") + message);
    if (!document_.state().model)
        start_->setMessage(QStringLiteral("× ") + message);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    document_.cancel();
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.first().isLocalFile())
        openModel(urls.first().toLocalFile());
}

} // namespace kasuri::app
