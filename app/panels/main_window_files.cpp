// What the main window opens and writes.
#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLabel>

#include "app/panels/early_exit_panel.h"
#include "app/panels/graph_pane.h"
#include "app/panels/list_table.h"
#include "app/panels/main_window.h"
#include "app/panels/matrix_panel.h"
#include "app/panels/operators_panel.h"
#include "app/panels/search_panel.h"
#include "app/panels/sides_panel.h"
#include "app/panels/start_page.h"
#include "app/panels/twin_view.h"
#include "app/session/recipe_text.h"

namespace kasuri::app {
namespace {

constexpr qint64 kLargestRecipe = 1 << 20;

} // namespace

void MainWindow::chooseModel()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a model"), {},
                                                      tr("Models (*.onnx *.ktxt);;All files (*)"));
    if (!path.isEmpty())
        openModel(path);
}

void MainWindow::chooseSession()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a session"), {},
                                                      tr("Sessions (*.kasuri);;All files (*)"));
    if (!path.isEmpty())
        openModel(path);
}

void MainWindow::saveSession(bool ask)
{
    QString path = keeper_.path();
    if (ask || path.isEmpty())
        path = QFileDialog::getSaveFileName(this, tr("Save the session"), path,
                                            tr("Sessions (*.kasuri)"));
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += QStringLiteral(".kasuri");
    keeper_.save(path);
}

void MainWindow::chooseExport(ExportKind kind, const ReportFields &fields)
{
    static const QHash<int, QString> kFilters{
        {int(ExportKind::Onnx), QStringLiteral("ONNX (*.onnx);;Kasuri plan (*.kplan)")},
        {int(ExportKind::Report), QStringLiteral("HTML (*.html);;PDF (*.pdf)")},
        {int(ExportKind::Json), QStringLiteral("JSON (*.json)")},
        {int(ExportKind::Trace), QStringLiteral("Chrome trace (*.json)")},
        {int(ExportKind::Recipe), QStringLiteral("Recipe (*.txt)")}};
    QString filter;
    QString path
        = QFileDialog::getSaveFileName(this, tr("Export"), {}, kFilters.value(int(kind)), &filter);
    if (path.isEmpty())
        return;
    if (kind == ExportKind::Report && QFileInfo(path).suffix().isEmpty())
        path += filter.startsWith(QLatin1String("PDF")) ? QStringLiteral(".pdf")
                                                        : QStringLiteral(".html");
    const bool plan = kind == ExportKind::Onnx && path.endsWith(QLatin1String(".kplan"));
    document_.exportTo(plan ? ExportKind::Plan : kind, path, fields);
}

void MainWindow::extractSelection()
{
    if (selected_.isEmpty())
        return showProblem(tr("Nothing selected. Click an operator first."));
    QString path = QFileDialog::getSaveFileName(this, tr("Extract the selection"), {},
                                                QStringLiteral("ONNX (*.onnx)"));
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += QStringLiteral(".onnx");
    document_.extract(selected_, path);
}

void MainWindow::feed(const QString &input, const QString &source)
{
    Target target = document_.state().target;
    target.inputs.remove(input);
    if (!source.isEmpty())
        target.inputs.insert(input, source);
    document_.retarget(source.isEmpty() ? tr("make up %1").arg(input)
                                        : tr("feed %1 with %2").arg(input, source),
                       target);
    refresh();
}

void MainWindow::copyAsText()
{
    const QWidget *focus = QApplication::focusWidget();
    const bool own = focus != nullptr && isAncestorOf(focus);
    const auto *list = qobject_cast<const QTableWidget *>(focus);
    const auto *twin = qobject_cast<const TwinView *>(focus);
    if (!own || (list == nullptr && twin == nullptr))
        return operators_->copy();
    QGuiApplication::clipboard()->setText(list != nullptr ? tsvOf(*list) : twin->asTsv());
}

void MainWindow::chooseTable()
{
    const QString path
        = QFileDialog::getSaveFileName(this, tr("Export"), {}, QStringLiteral("CSV (*.csv)"));
    if (path.isEmpty())
        return;
    const QString error = operators_->writeCsv(path);
    error.isEmpty() ? status_->setText(tr("Written: %1").arg(path)) : showProblem(error);
}

void MainWindow::chooseRecipe()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("A recipe"), {},
                                                      tr("Recipes (*.txt);;All files (*)"));
    if (path.isEmpty())
        return;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kLargestRecipe)
        return showProblem(tr("Cannot read %1: %2").arg(path, file.errorString()));
    useRecipe(QString::fromUtf8(file.readAll()));
}

void MainWindow::useRecipe(const QString &text)
{
    const DocumentState &s = document_.state();
    if (!s.model)
        return showProblem(tr("No model open. Ctrl+O opens one."));
    QString error;
    std::optional<RecipeState> recipe = recipeFromText(text, s.model->passes, error);
    if (!recipe)
        return showProblem(error);
    recipe->exactOnly = s.recipe.exactOnly;
    document_.setRecipe(tr("use %1").arg(specOf(*recipe)), *recipe);
    refresh();
}

void MainWindow::chooseBaseline()
{
    MeasureRequest request;
    request.baseline = QFileDialog::getOpenFileName(this, tr("A plan or model as baseline"), {},
                                                    tr("Plans and models (*.kplan *.onnx *.ktxt)"));
    if (!request.baseline.isEmpty())
        measure(request);
}

void MainWindow::chooseOverlay()
{
    const QString path = QFileDialog::getOpenFileName(
        this, tr("A profile of ONNX Runtime or a Chrome trace"), {}, tr("Profiles (*.json)"));
    if (!path.isEmpty())
        overlayProfile(path);
}

void MainWindow::overlayProfile(const QString &path)
{
    const DocumentState &s = document_.state();
    if (!s.model)
        return showProblem(tr("No model open. Ctrl+O opens one."));
    if (s.working())
        return showProblem(tr("A measurement runs. Esc cancels it."));
    MeasureRequest request(MeasureKind::Overlay);
    request.overlay = path;
    measure(request);
}

void MainWindow::showProblems(const std::function<void()> &jump)
{
    if (auto *dock = findChild<QDockWidget *>(QStringLiteral("problemsDock"))) {
        dock->show();
        dock->raise();
    }
    jump();
}

void MainWindow::measure(const MeasureRequest &request)
{
    const bool runs = request.kind != MeasureKind::Estimate;
    if (runs && (search_->running() || matrix_->running() || exits_->running()))
        return showProblem(tr("A search or a matrix runs. Esc cancels it."));
    document_.measure(request);
}

void MainWindow::searchRecipe()
{
    const DocumentState &s = document_.state();
    if (!s.model)
        return showProblem(tr("No model open. Ctrl+O opens one."));
    if (s.working() || matrix_->running() || exits_->running())
        return showProblem(tr("A measurement runs. Esc cancels it."));
    if (auto *dock = findChild<QDockWidget *>(QStringLiteral("searchDock"))) {
        dock->show();
        dock->raise();
    }
    if (!search_->running())
        search_->start();
}

void MainWindow::offerRecovery()
{
    const QStringList files = SessionKeeper::leftBehind();
    start_->setRecovery(files.value(0));
}

void MainWindow::closeModel()
{
    document_.open({});
    runs_.restore({});
}

} // namespace kasuri::app
