#include "app/session/poc_checklist.h"

#include <QCoreApplication>
#include <algorithm>

#include "app/session/document.h"
#include "app/session/verdict_words.h"

namespace kasuri::app {
namespace {

class Checklist {
    Q_DECLARE_TR_FUNCTIONS(kasuri::app::Checklist)
public:
    explicit Checklist(const DocumentState &state)
        : state_(state),
          result_(state.comparison && state.measuredRecipe == recipe() ? &*state.comparison
                                                                       : nullptr)
    {
    }

    QVector<ChecklistLine> lines(bool payback)
    {
        addBeforeMeasuring();
        addMeasured();
        addBeside();
        const bool quiet = result_ != nullptr && result_->warnings.isEmpty();
        add(quiet, tr("Machine was quiet"),
            quiet                    ? tr("no warning")
                : result_ == nullptr ? tr("F5 measures.")
                                     : tr("see Problems (Ctrl+9)"));
        add(payback, tr("Payback known"),
            payback ? tr("figures given") : tr("Give the figures under Payback."));
        return lines_;
    }

private:
    QString recipe() const { return state_.after ? state_.after->recipe : QString(); }

    void add(bool done, const QString &what, const QString &state)
    {
        lines_.append({done, what, state});
    }

    void addBeforeMeasuring()
    {
        const bool stated = !state_.target.requirements.isEmpty();
        add(stated, tr("Requirement stated"),
            stated ? state_.target.requirements.join(QStringLiteral("; "))
                   : tr("Write it in Sides (Ctrl+Alt+S): p90<=100ms; rss<=512MiB."));
        const qsizetype given
            = std::count_if(state_.inputs.begin(), state_.inputs.end(), [this](const auto &input) {
                  const QString source = state_.target.inputs.value(input.name);
                  return !source.isEmpty() && !isInputRule(source);
              });
        const bool real = !state_.inputs.isEmpty() && given == state_.inputs.size();
        add(real, tr("Real inputs"),
            real ? tr("from files") : tr("Choose files in Inputs (Ctrl+Alt+I)."));
    }

    void addMeasured()
    {
        const bool decided = result_ != nullptr && !result_->partial
            && result_->latency.verdict != QLatin1String("undecided");
        add(decided, tr("Before and after measured"),
            result_ == nullptr ? tr("F5 measures.") : verdictWord(result_->latency.verdict));
        const bool equal = result_ != nullptr
            && (result_->fidelity == QLatin1String("equal")
                || result_->fidelity == QLatin1String("within_tolerance"));
        add(equal, tr("Outputs checked"),
            result_ == nullptr ? tr("F5 measures.") : fidelityWord(result_->fidelity));
        const auto &wanted
            = result_ != nullptr ? result_->requirements : QVector<RequirementResult>();
        const qsizetype met = std::count_if(wanted.begin(), wanted.end(),
                                            [](const auto &line) { return line.met; });
        add(!wanted.isEmpty() && met == wanted.size(), tr("Requirement met"),
            wanted.isEmpty() ? tr("State one and measure.")
                             : tr("%1 of %2").arg(met).arg(wanted.size()));
    }

    void addBeside()
    {
        QString today;
        if (state_.columns)
            for (const SideInfo &side : state_.columns->sides)
                if (side.runtime != QLatin1String("kasuri") && side.medianMs)
                    today = side.runtime;
        add(!today.isEmpty(), tr("Beside today's runtime"),
            today.isEmpty() ? tr("“What runs today” in Sides (Ctrl+Alt+S).") : today);
        const auto isBox
            = [](const auto &line) { return line.text.startsWith(QLatin1String("box")); };
        const auto box = [&]() -> const RequirementResult * {
            if (result_ == nullptr)
                return nullptr;
            const auto found
                = std::find_if(result_->requirements.begin(), result_->requirements.end(), isBox);
            return found == result_->requirements.end() ? nullptr : &*found;
        }();
        add(box != nullptr && box->met, tr("Fits the target's memory"),
            box == nullptr ? tr("Require box<=512MiB in Sides.") : box->text);
    }

    const DocumentState &state_;
    const ComparisonInfo *result_;
    QVector<ChecklistLine> lines_;
};

} // namespace

QVector<ChecklistLine> pocChecklist(const DocumentState &state, bool payback)
{
    return Checklist(state).lines(payback);
}

} // namespace kasuri::app
