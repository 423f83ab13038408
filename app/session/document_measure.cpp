// How the document finds out: comparisons, estimates, profiles.
#include <QJsonArray>
#include <QTimer>
#include <algorithm>

#include "app/session/document.h"
#include "app/session/engine_json.h"
#include "app/session/engine_message.h"
#include "app/session/engine_process.h"
#include "app/session/worker_link.h"

namespace kasuri::app {
namespace {

constexpr int kFewRuns = 20, kRunsForP90 = 50;
constexpr double kCheapMs = 1500; ///< what the runs for a p90 may take

int profileRuns(const std::optional<ComparisonInfo> &measured)
{
    const double slower
        = measured ? std::max(measured->latency.beforeMs, measured->latency.afterMs) : kCheapMs;
    return slower * kRunsForP90 <= kCheapMs ? kRunsForP90 : kFewRuns;
}

} // namespace

QStringList Document::targetArguments() const
{
    return optionsOf(state_->target);
}

QStringList Document::compareArguments(const MeasureRequest &request) const
{
    QStringList arguments{QStringLiteral("compare"), path_,
                          QStringLiteral("--after"), recipe(),
                          QStringLiteral("--json"),  QStringLiteral("--progress"),
                          QStringLiteral("json"),    QStringLiteral("--synthesize-weights")};
    arguments << (request.baseline.isEmpty() ? QStringLiteral("--before")
                                             : QStringLiteral("--baseline"))
              << (request.baseline.isEmpty() ? QStringLiteral("none") : request.baseline);
    for (const QString &side : request.sides)
        arguments << QStringLiteral("--side") << side;
    for (const QString &requirement : state_->target.requirements)
        arguments << QStringLiteral("--require") << requirement;
    if (request.kind == MeasureKind::Quick)
        arguments << QStringLiteral("--blocks") << QStringLiteral("9");
    if (request.kind == MeasureKind::EachPass)
        arguments << QStringLiteral("--each-pass");
    if (request.kind == MeasureKind::Bisect)
        arguments << QStringLiteral("--bisect");
    return arguments + targetArguments();
}

void Document::measure(const MeasureRequest &request)
{
    if (!state_->model || compare_->running())
        return;
    if (request.kind == MeasureKind::Estimate)
        return estimate(request.payback);
    if (request.kind == MeasureKind::Overlay)
        return overlay(request.overlay);
    if (overlayer_->running())
        return emit problem(tr("A profile is being laid over the model. Esc cancels it."));
    if (request.kind == MeasureKind::Profile)
        return profileBoth();
    dropRequests();
    const DocumentState::Phase last = !state_->comparison ? DocumentState::Phase::Opened
        : state_->measuredRecipe == recipe()              ? DocumentState::Phase::Measured
                                                          : DocumentState::Phase::Stale;
    state_->phase = DocumentState::Phase::Measuring;
    state_->message = tr("Starting the sides");
    state_->progress = 0;
    emit changed();
    measuringInputs_ = state_->target.inputs;
    compare_->start(compareArguments(request),
                    [this, request, last, spec = recipe()](const EngineProcess::Answer &answer) {
                        if (answer.ok)
                            return takeComparison(answer.json, request, spec);
                        if (!answer.cancelled)
                            return fail(answer.error);
                        state_->phase = last;
                        state_->message = tr("Cancelled before the first result.");
                        emit changed();
                    });
}

void Document::takeComparison(const QByteArray &json, const MeasureRequest &request,
                              const QString &spec)
{
    std::optional<ComparisonInfo> result = comparisonFrom(json);
    if (!result)
        return fail(tr("The comparison has no result."));
    result->bisected = request.kind == MeasureKind::Bisect;
    const bool columns = request.columns();
    state_->inputProblem.clear();
    if (columns) {
        state_->columns = result;
        state_->phase = !state_->comparison      ? DocumentState::Phase::Opened
            : state_->measuredRecipe == recipe() ? DocumentState::Phase::Measured
                                                 : DocumentState::Phase::Stale;
    } else {
        state_->comparison = result;
        state_->measuredRecipe = spec;
        measuredInputs_ = measuringInputs_;
        const bool same = spec == recipe() && measuredInputs_ == state_->target.inputs;
        state_->phase = same ? DocumentState::Phase::Measured : DocumentState::Phase::Stale;
        showEffects();
    }
    state_->message
        = result->partial ? tr("Cancelled: what was measured until then is shown.") : QString();
    emit changed();
    emit measured(*result, spec);
    if (!columns && !result->partial)
        profileBoth();
}

void Document::estimate(const PaybackInput &payback)
{
    QStringList arguments{QStringLiteral("advise"),
                          path_,
                          QStringLiteral("--json"),
                          QStringLiteral("--synthesize-weights"),
                          QStringLiteral("--quiet"),
                          QStringLiteral("--passes"),
                          recipe()};
    const std::pair<const char *, double> figures[]
        = {{"--queries-per-day", payback.queriesPerDay},
           {"--machines", payback.machines},
           {"--cost-per-hour", payback.costPerHour},
           {"--effort-hours", payback.effortHours},
           {"--cost-per-effort-hour", payback.costPerEffortHour}};
    for (const auto &[name, value] : figures)
        if (value > 0)
            arguments << QString::fromLatin1(name) << QString::number(value);
    adviser_->start(arguments + targetArguments(), [this](const EngineProcess::Answer &answer) {
        if (!answer.ok)
            return answer.cancelled ? void() : emit problem(answer.error);
        state_->advice = adviceFrom(answer.json);
        showEstimates();
        emit changed();
    });
}

/// Puts the estimates beside the passes.
void Document::showEstimates()
{
    if (!state_->advice || !state_->model)
        return;
    auto model = std::make_shared<ModelInfo>(*state_->model);
    for (PassInfo &pass : model->passes) {
        const auto found = state_->advice->passes.constFind(pass.name);
        pass.estimateMs
            = found == state_->advice->passes.constEnd() ? std::nullopt : std::optional(found->ms);
    }
    state_->model = model;
}

/// Puts the effects just measured beside the passes of the recipe that was measured.
void Document::showEffects()
{
    auto model = std::make_shared<ModelInfo>(*state_->model);
    for (PassInfo &pass : model->passes) {
        pass.effect.reset();
        for (const PassEffectInfo &effect : state_->comparison->effects)
            if (effect.pass == pass.name)
                pass.effect = effect;
    }
    state_->model = model;
}

/// Times per kernel of both sides, from instrumented runs after the measurement.
void Document::profileBoth()
{
    openAgainIfLost();
    profileSide(QStringLiteral("none"), true);
    profileSide(recipe(), false);
    if (!state_->after || state_->after->recipe != recipe())
        describeAfter();
}

void Document::profileSide(const QString &spec, bool isBefore)
{
    auto DocumentState::*side = isBefore ? &DocumentState::before : &DocumentState::after;
    order(message("optimize", {{"recipe", spec}, {"graph", false}}));
    order(message("plan", {{"threads", state_->target.threads}}));
    order(bindMessage());
    ask(
        message("profile", {{"runs", profileRuns(state_->comparison)}}),
        [](const QJsonObject &times) { return std::any(times); },
        [this, spec, side](const std::any &made) {
            if (!(state_.get()->*side) || (state_.get()->*side)->recipe != spec)
                return;
            auto plan = std::make_shared<PlanInfo>(*(state_.get()->*side));
            addTimes(*plan, std::any_cast<QJsonObject>(made));
            state_.get()->*side = plan;
            if (side == &DocumentState::after)
                profiled_ = plan;
            emit changed();
        });
}

QJsonObject Document::bindMessage() const
{
    QJsonArray inputs;
    const QMap<QString, QString> &chosen = state_->target.inputs;
    for (auto input = chosen.begin(); input != chosen.end(); ++input)
        inputs.append(QJsonObject{
            {QStringLiteral("name"), input.key()},
            {isInputRule(input.value()) ? QStringLiteral("rule") : QStringLiteral("file"),
             input.value()}});
    return message("bind", {{"inputs", inputs}});
}

/// Reads what was chosen once, so that a wrong file is known before anything is measured.
void Document::checkInputs()
{
    if (state_->target.inputs.isEmpty())
        return;
    openAgainIfLost();
    worker_->request(bindMessage(), {},
                     [this, asked = state_->target.inputs](const WorkerLink::Answer &answer) {
                         if (answer.cancelled || asked != state_->target.inputs)
                             return;
                         state_->inputProblem = answer.ok ? QString() : answer.error;
                         if (!answer.ok)
                             emit problem(answer.error);
                         emit changed();
                     });
}

} // namespace kasuri::app
