#include "app/panels/search_panel.h"

#include <QHBoxLayout>
#include <QHash>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QVBoxLayout>

#include "app/charts/pareto_chart.h"
#include "app/panels/list_table.h"
#include "app/session/engine_process.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr int kUsualSeconds = 60, kMostSeconds = 24 * 3600, kRecipeWidth = 180;

QString verdictOf(const SearchTrial &trial)
{
    const QHash<QString, QString> known{
        {QStringLiteral("faster"), SearchPanel::tr("▼ Faster")},
        {QStringLiteral("slower"), SearchPanel::tr("▲ Slower")},
        {QStringLiteral("same"), SearchPanel::tr("= Same")},
        {QStringLiteral("undecided"), SearchPanel::tr("? Undecided")},
        {QStringLiteral("broken"), SearchPanel::tr("× Outputs differ")}};
    if (trial.verdict.isEmpty())
        return QStringLiteral("–");
    const QString words = known.value(trial.verdict, trial.verdict);
    const bool differs
        = trial.verdict == QLatin1String("faster") || trial.verdict == QLatin1String("slower");
    return differs && trial.ratio ? words + QLatin1Char(' ') + formatSignedPercent(*trial.ratio - 1)
                                  : words;
}

QString stateOf(const SearchTrial &trial, bool first, bool best)
{
    if (!trial.error.isEmpty())
        return SearchPanel::tr("× does not run: %1").arg(trial.error);
    if (!trial.right)
        return SearchPanel::tr("× outputs differ");
    if (trial.stopped)
        return SearchPanel::tr("stopped: far slower");
    QStringList words;
    if (best)
        words << SearchPanel::tr("✓ best");
    if (first)
        words << SearchPanel::tr("□ searched from");
    if (trial.pareto)
        words << SearchPanel::tr("◆ Pareto front");
    return words.join(QStringLiteral(" · "));
}

QStringList rowOf(const SearchTrial &trial, bool first, bool best)
{
    const QString none = QStringLiteral("–");
    const bool measured = trial.measured();
    return {trial.recipe,
            stateOf(trial, first, best),
            verdictOf(trial),
            trial.error.isEmpty() ? formatMs(trial.ms) : none,
            trial.error.isEmpty() || measured ? formatBytes(trial.arenaBytes) : none,
            trial.error.isEmpty() ? QString::number(trial.kernels) : none};
}

} // namespace

SearchPanel::SearchPanel(const Theme &theme, const QString &program, QWidget *parent)
    : QWidget(parent), process_(new EngineProcess(program, this)),
      table_(new ListTable({tr("Recipe"), tr("State"), tr("Confirmed"), tr("Screened ms"),
                            tr("Arena"), tr("Kernels")},
                           tr("Recipes tried"), this)),
      chart_(new ParetoChart(theme, this)), seconds_(new QSpinBox(this)),
      button_(new QPushButton(tr("Search"), this)), progress_(new QLabel(this)),
      stamp_(new QLabel(this))
{
    build();
    connect(button_, &QPushButton::clicked, this, &SearchPanel::start);
    connect(process_, &EngineProcess::progressed, this,
            [this](const QString &what, double) { progress_->setText(what); });
    connect(process_, &EngineProcess::told, this, &SearchPanel::takeTrial);
    connect(table_, &QTableWidget::cellActivated, this, [this](int row) {
        if (row < found_.trials.size() && found_.trials[row].error.isEmpty())
            emit recipeChosen(found_.trials[row].recipe);
    });
    connect(table_, &QTableWidget::currentCellChanged, chart_,
            [this](int row) { chart_->setCurrent(row); });
    connect(chart_, &ParetoChart::chosen, this, [this](int trial) { table_->selectRow(trial); });
}

SearchPanel::~SearchPanel() = default;

void SearchPanel::build()
{
    table_->setObjectName(QStringLiteral("searchTable"));
    table_->setColumnWidth(0, kRecipeWidth);
    table_->setColumnWidth(1, 230);
    table_->setColumnWidth(2, 100);
    for (int c = 3; c < table_->columnCount(); ++c)
        table_->setColumnWidth(c, 92);
    table_->setToolTip(tr("Double click or Enter uses a recipe; Ctrl+Z goes back."));
    seconds_->setObjectName(QStringLiteral("searchSeconds"));
    seconds_->setRange(1, kMostSeconds);
    seconds_->setValue(kUsualSeconds);
    seconds_->setSuffix(tr(" s"));
    seconds_->setAccessibleName(tr("Time budget"));
    button_->setObjectName(QStringLiteral("searchButton"));
    stamp_->setObjectName(QStringLiteral("searchStamp"));
    stamp_->setStyleSheet(
        QStringLiteral("border: 1px dashed palette(text); border-radius: 2px; padding: 1px 6px;"));
    stamp_->hide();
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(8);
    row->addWidget(new QLabel(tr("Time budget"), this));
    row->addWidget(seconds_);
    row->addWidget(button_);
    row->addWidget(stamp_);
    row->addWidget(progress_, 1);
    auto *split = new QSplitter(this);
    split->addWidget(table_);
    split->addWidget(chart_);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setSizes({780, 480});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(split, 1);
}

bool SearchPanel::running() const
{
    return process_->running();
}

void SearchPanel::show(const DocumentState &state)
{
    path_ = state.model ? state.model->path : QString();
    recipe_ = state.model ? specOf(effective(state.recipe, state.model->passes)) : QString();
    target_ = optionsOf(state.target);
    exactOnly_ = state.recipe.exactOnly;
    button_->setEnabled(state.model != nullptr);
    if (searched_ != path_ && !found_.trials.isEmpty()) {
        process_->cancel();
        found_ = {};
        refresh();
    }
    if (!running() && found_.trials.isEmpty())
        progress_->setText(
            tr("Switches single passes off and on; the Pareto front is confirmed interleaved."));
}

QStringList SearchPanel::arguments() const
{
    QStringList list{QStringLiteral("search"),   path_,
                     QStringLiteral("--passes"), recipe_,
                     QStringLiteral("--for"),    QStringLiteral("%1s").arg(seconds_->value()),
                     QStringLiteral("--json"),   QStringLiteral("--progress"),
                     QStringLiteral("json"),     QStringLiteral("--synthesize-weights")};
    if (exactOnly_)
        list << QStringLiteral("--only-exact");
    return list + target_;
}

void SearchPanel::start()
{
    if (running())
        return process_->cancel();
    if (path_.isEmpty())
        return;
    found_ = {};
    searched_ = path_;
    button_->setText(tr("Cancel the search"));
    progress_->setText(tr("Starting the search"));
    refresh();
    process_->start(arguments(), [this](const EngineProcess::Answer &answer) {
        finish(answer.ok ? answer.json : QByteArray(), answer.cancelled);
        if (!answer.ok && !answer.cancelled)
            emit problem(answer.error);
    });
}

void SearchPanel::takeTrial(const QJsonObject &line)
{
    const QJsonObject trial = line.value(QLatin1String("trial")).toObject();
    if (trial.isEmpty())
        return;
    keepTrial(found_.trials, trialFrom(trial));
    refresh();
}

/// What came is kept even if the process had to be ended before it could sum up.
void SearchPanel::finish(const QByteArray &json, bool cancelled)
{
    button_->setText(tr("Search"));
    if (const auto all = searchFrom(json); all && searched_ == path_)
        found_ = *all;
    else
        found_.partial = !found_.trials.isEmpty();
    refresh();
    progress_->setText(summary(cancelled));
}

QString SearchPanel::summary(bool cancelled) const
{
    const int tried = int(found_.trials.size());
    if (tried == 0)
        return cancelled ? tr("Cancelled before the first recipe was tried.")
                         : tr("The search found nothing.");
    if (found_.partial)
        return tr("%n recipes tried until then are kept.", nullptr, tried);
    const int seconds = qRound(found_.seconds);
    if (!found_.best.isEmpty() && found_.best != found_.trials.first().recipe)
        return tr("%n recipes tried in %1 s; best: %2. Double click uses it.", nullptr, tried)
            .arg(seconds)
            .arg(found_.best);
    if (found_.outOfTime)
        return tr("%n recipes tried in %1 s; the time was over before all of the Pareto front was "
                  "confirmed.",
                  nullptr, tried)
            .arg(seconds);
    return tr("%n recipes tried in %1 s; none was confirmed as better.", nullptr, tried)
        .arg(seconds);
}

void SearchPanel::refresh()
{
    QVector<QStringList> rows;
    for (int i = 0; i < found_.trials.size(); ++i)
        rows.append(
            rowOf(found_.trials[i], i == 0, i > 0 && found_.trials[i].recipe == found_.best));
    table_->setRows(rows, 3);
    chart_->setTrials(found_.trials);
    stamp_->setText(tr("Partial, cancelled"));
    stamp_->setVisible(found_.partial && !running());
}

} // namespace kasuri::app
