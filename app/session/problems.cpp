#include "app/session/problems.h"

#include <QCoreApplication>
#include <algorithm>

#include "app/session/document.h"
#include "app/session/reason_words.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

using Kind = ProblemInfo::Kind;

struct Problems {
    Q_DECLARE_TR_FUNCTIONS(Problems)
};

void addUnsupported(const ModelInfo &model, QVector<ProblemInfo> &list)
{
    for (const OperatorInfo &op : model.operators)
        if (!op.unsupported.isEmpty())
            list.append({Kind::Error,
                         Problems::tr("Cannot run %1 (opset %2): %3")
                             .arg(op.type)
                             .arg(model.opset)
                             .arg(op.unsupported),
                         op.name, Problems::tr("The model opens but cannot be measured."),
                         op.sources});
}

/// Operators of a site or rule as a recipe names it.
QStringList operatorsOf(const ModelInfo *model, const QString &part)
{
    QStringList operators;
    for (const PassInfo &pass : model ? model->passes : QVector<PassInfo>())
        for (const RuleInfo &rule : pass.rules)
            for (const SiteInfo &site : rule.sites)
                if (site.site == part || (rule.name == part && site.applied))
                    operators += site.nodes;
    operators.removeDuplicates();
    if (operators.isEmpty() && part.contains(QLatin1Char('@')))
        operators << part.section(QLatin1Char('@'), 1);
    return operators;
}

void addSlow(const ModelInfo *model, const SlowPart &slow, QVector<ProblemInfo> &list)
{
    const QString advice = Problems::tr("Switch it off: the model is faster without it.");
    for (const QString &part : slow.sites)
        list.append({Kind::Warning,
                     Problems::tr("Slower because of %1 (pass %2)").arg(part, slow.pass),
                     part.section(QLatin1Char('@'), 1), advice, operatorsOf(model, part), true});
    if (slow.sites.isEmpty())
        list.append({Kind::Warning,
                     Problems::tr("Slower because of pass %1 as a whole").arg(slow.pass),
                     QString(),
                     advice,
                     {},
                     true});
}

/// What the bisection of a recipe found; where it found nothing, that.
void addBisection(const DocumentState &state, QVector<ProblemInfo> &list)
{
    const ComparisonInfo &comparison = *state.comparison;
    for (const SlowPart &slow : comparison.slow)
        addSlow(state.model.get(), slow, list);
    bool broken = false;
    for (const SideInfo &side : comparison.sides)
        broken = broken || !side.guilty.isEmpty() || !side.blocked.isEmpty()
            || side.fidelity == QLatin1String("broken");
    if (comparison.bisected && !comparison.partial && !broken && comparison.slow.isEmpty())
        list.append({Kind::Note,
                     Problems::tr("Bisected: no rule or site slows the model or breaks outputs"),
                     Problems::tr("recipe %1").arg(state.measuredRecipe),
                     QString(),
                     {},
                     true});
}

void addSides(const ComparisonInfo &comparison, const ModelInfo *model, QVector<ProblemInfo> &list)
{
    for (const SideInfo &side : comparison.sides) {
        for (const QString &pass : side.blocked)
            list.append({Kind::Error,
                         Problems::tr("Pass %1 breaks outputs and was left out").arg(pass),
                         side.name,
                         Problems::tr("The rest was measured without it."),
                         {}});
        for (const QString &site : side.guilty)
            list.append({Kind::Error, Problems::tr("Outputs differ because of %1").arg(site),
                         side.name,
                         Problems::tr("Switch this site off, or extract it (Ctrl+Shift+X)."),
                         operatorsOf(model, site), comparison.bisected});
        if (side.fidelity == QLatin1String("broken") && side.guilty.isEmpty())
            list.append({Kind::Error,
                         Problems::tr("Outputs differ beyond the tolerance"),
                         side.name,
                         Problems::tr("Look at the passes that round or skip."),
                         {}});
    }
    for (const RequirementResult &requirement : comparison.requirements)
        if (!requirement.met)
            list.append({Kind::Error, Problems::tr("Requirement not met: %1").arg(requirement.text),
                         !requirement.why.isEmpty() ? reasonWords(requirement.why)
                             : requirement.value
                             ? Problems::tr("measured %1")
                                   .arg(formatRequired(requirement.text, *requirement.value))
                             : Problems::tr("no value"),
                         QString(), requirement.operators});
    for (const QString &warning : comparison.warnings)
        list.append({Kind::Warning,
                     reasonWords(warning),
                     Problems::tr("this machine"),
                     Problems::tr("Measure again when it is quiet."),
                     {}});
    if (comparison.partial)
        list.append({Kind::Warning,
                     Problems::tr("The measurement was cancelled: results are partial"),
                     QString(),
                     Problems::tr("F5 measures again."),
                     {}});
}

void addFallbacks(const PlanInfo &plan, QVector<ProblemInfo> &list)
{
    for (const StepInfo &step : plan.steps)
        if (!step.reason.isEmpty())
            list.append(
                {Kind::Warning,
                 Problems::tr("Slower way for %1: %2").arg(step.title, reasonWords(step.reason)),
                 step.name, QString(), step.sources});
}

} // namespace

QVector<ProblemInfo> problemsOf(const DocumentState &state)
{
    QVector<ProblemInfo> list;
    if (state.phase == DocumentState::Phase::Failed)
        list.append({Kind::Error,
                     state.message,
                     QString(),
                     Problems::tr("The last result stays. F5 measures again."),
                     {}});
    const bool told = state.message.contains(state.inputProblem); // by the failure
    if (!state.inputProblem.isEmpty() && !(state.phase == DocumentState::Phase::Failed && told))
        list.append({Kind::Error,
                     state.inputProblem,
                     QString(),
                     Problems::tr("Choose other values in Inputs (Ctrl+Alt+I)."),
                     {}});
    if (state.model)
        addUnsupported(*state.model, list);
    if (state.comparison) {
        addBisection(state, list);
        addSides(*state.comparison, state.model.get(), list);
    }
    if (state.columns)
        addSides(*state.columns, state.model.get(), list);
    if (state.after)
        addFallbacks(*state.after, list);
    std::stable_sort(list.begin(), list.end(),
                     [](const auto &a, const auto &b) { return a.kind < b.kind; });
    return list;
}

} // namespace kasuri::app
