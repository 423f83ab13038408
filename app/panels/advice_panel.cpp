#include "app/panels/advice_panel.h"

#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "app/panels/list_table.h"
#include "app/session/poc_checklist.h"
#include "app/session/units.h"
#include "app/session/verdict_words.h"

namespace kasuri::app {
namespace {

QString measuredText(const std::optional<PassEffectInfo> &effect)
{
    if (!effect || !effect->cumulative)
        return QStringLiteral("–");
    const EffectResult &e = *effect->cumulative;
    if (e.verdict == QLatin1String("broken"))
        return AdvicePanel::tr("× outputs differ");
    if (e.verdict == QLatin1String("same"))
        return AdvicePanel::tr("= same");
    return e.verdict == QLatin1String("undecided") ? AdvicePanel::tr("? undecided")
                                                   : formatSigned(e.ms);
}

/// How good the estimate was, once it can be known.
QString hindsight(const DocumentState &state, const AdviceInfo &advice)
{
    if (!state.comparison || advice.recipe != state.measuredRecipe || advice.beforeMs <= 0)
        return AdvicePanel::tr("Not measured yet: F5 shows how good the estimate is.");
    const LatencyResult &l = state.comparison->latency;
    return AdvicePanel::tr("Estimated %1, measured %2 (before: ≈ %3 ms, measured %4 ms).")
        .arg(formatSignedPercent(advice.afterMs / advice.beforeMs - 1),
             l.verdict == QLatin1String("same") || l.verdict == QLatin1String("undecided")
                 ? verdictWord(l.verdict)
                 : formatSignedPercent(l.ratio - 1),
             formatMs(advice.beforeMs), formatMs(l.beforeMs));
}

/// What is to be expected, in the words of the window.
QString promise(const AdviceInfo &advice)
{
    if (advice.verdict != QLatin1String("go"))
        return AdvicePanel::tr("– No go: neither time nor memory promises 5 %; single kernels that "
                               "the recipe leaves as they are bound this model.");
    const auto less = [](double before, double after) {
        return QString::number(before > 0 ? std::max(0.0, 1 - after / before) * 100 : 0, 'f', 0);
    };
    return AdvicePanel::tr("→ Go: about %1 % less time and %2 % less arena to expect; F5 measures.")
        .arg(less(advice.beforeMs, advice.afterMs),
             less(double(advice.arenaBefore), double(advice.arenaAfter)));
}

QDoubleSpinBox *field(double most, int decimals, double step, QWidget *parent)
{
    auto *box = new QDoubleSpinBox(parent);
    box->setRange(0, most);
    box->setDecimals(decimals);
    box->setSingleStep(step);
    box->setSpecialValueText(QStringLiteral("–"));
    return box;
}

} // namespace

AdvicePanel::AdvicePanel(QWidget *parent)
    : QWidget(parent), table_(new ListTable({tr("Pass"), tr("Estimate ms"), tr("Measured ms"),
                                             tr("Arena"), tr("Sites")},
                                            tr("Advice"), this)),
      checklist_(new ListTable({QString(), tr("Shown"), tr("State")}, tr("PoC checklist"), this)),
      conclusion_(new QLabel(this))
{
    checklist_->setObjectName(QStringLiteral("checklist"));
    checklist_->setWordWrap(true);
    checklist_->setColumnWidth(0, 24);
    checklist_->setColumnWidth(1, 168);
    table_->setObjectName(QStringLiteral("adviceTable"));
    table_->horizontalHeader()->setStretchLastSection(false);
    table_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int c = 1; c < 5; ++c)
        table_->setColumnWidth(c, c == 4 ? 52 : 92);
    conclusion_->setObjectName(QStringLiteral("adviceConclusion"));
    conclusion_->setWordWrap(true);
    conclusion_->setMargin(10);
    conclusion_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(conclusion_);
    auto *tabs = new QTabWidget(this);
    tabs->setObjectName(QStringLiteral("adviceTabs"));
    tabs->setAccessibleName(tr("Advice"));
    tabs->addTab(table_, tr("Passes"));
    tabs->addTab(buildFields(), tr("Payback"));
    tabs->addTab(checklist_, tr("PoC checklist"));
    column->addWidget(tabs, 1);
}

QWidget *AdvicePanel::buildFields()
{
    auto *fields = new QWidget(this);
    auto *form = new QFormLayout(fields);
    form->setContentsMargins(10, 6, 10, 8);
    form->setVerticalSpacing(4);
    queries_ = field(1e12, 0, 1e5, fields);
    machines_ = field(1e6, 0, 1, fields);
    machines_->setToolTip(tr("That run all day for this work; without, hours are paid as used"));
    cost_ = field(1e6, 2, 0.1, fields);
    effort_ = field(1e5, 0, 1, fields);
    rate_ = field(1e6, 0, 10, fields);
    for (const auto &[box, name] : {std::pair(queries_, tr("Queries per day")),
                                    {machines_, tr("Machines")},
                                    {cost_, tr("Cost of a machine per hour")},
                                    {effort_, tr("Hours of work to adopt")},
                                    {rate_, tr("Cost of such an hour")}})
        box->setAccessibleName(name);
    form->addRow(tr("Queries per day"), queries_);
    form->addRow(tr("Machines"), machines_);
    form->addRow(tr("Cost of a machine per hour"), cost_);
    form->addRow(tr("Hours of work to adopt"), effort_);
    form->addRow(tr("Cost of such an hour"), rate_);
    auto *estimate = new QPushButton(tr("Estimate"), fields);
    estimate->setObjectName(QStringLiteral("estimateButton"));
    form->addRow(estimate);
    connect(estimate, &QPushButton::clicked, this, [this] {
        asked_.clear();
        requestEstimate(QStringLiteral("*"));
    });
    return fields;
}

void AdvicePanel::requestEstimate(const QString &recipe)
{
    if (recipe == asked_)
        return;
    asked_ = recipe;
    emit estimateRequested(
        {queries_->value(), cost_->value(), effort_->value(), rate_->value(), machines_->value()});
}

void AdvicePanel::showChecklist(const DocumentState &state)
{
    QVector<QStringList> rows;
    const bool payback = state.advice && !state.advice->payback.isEmpty();
    if (state.model)
        for (const ChecklistLine &line : pocChecklist(state, payback))
            rows.append(
                {line.done ? QStringLiteral("✓") : QStringLiteral("–"), line.what, line.state});
    checklist_->setRows(rows);
    checklist_->resizeRowsToContents();
}

void AdvicePanel::show(const DocumentState &state)
{
    showChecklist(state);
    if (!state.model || !state.advice) {
        table_->setRows({});
        conclusion_->setText(state.model ? tr("No estimate yet. Estimate works it out from the "
                                              "rates of this machine, without running the model.")
                                         : tr("No model open. Ctrl+O opens one."));
        return;
    }
    const AdviceInfo &advice = *state.advice;
    const bool stale = state.after && advice.recipe != state.after->recipe;
    QStringList lines{promise(advice),
                      tr("≈ %1 → %2 ms, estimated; arena %3 → %4")
                          .arg(formatMs(advice.beforeMs), formatMs(advice.afterMs),
                               formatBytes(advice.arenaBefore), formatBytes(advice.arenaAfter)),
                      hindsight(state, advice)};
    if (!advice.payback.isEmpty())
        lines << advice.payback;
    if (stale)
        lines << tr("The recipe changed: this is of %1.").arg(advice.recipe);
    conclusion_->setText(lines.join(QLatin1Char('\n')));
    QVector<QStringList> rows;
    for (const PassInfo &pass : state.model->passes) {
        const auto found = advice.passes.constFind(pass.name);
        if (found == advice.passes.constEnd())
            continue;
        rows.append(
            {pass.name, QStringLiteral("≈ ") + formatSigned(found->ms), measuredText(pass.effect),
             found->arenaBytes == 0
                 ? QStringLiteral("=")
                 : formatSigned(double(found->arenaBytes) / (1 << 20)) + QStringLiteral(" MiB"),
             QStringLiteral("%1 / %2").arg(found->applied).arg(found->declined)});
    }
    table_->setRows(rows, 1);
}

} // namespace kasuri::app
