// How the document learns what its model and both plans are.
#include <QFileInfo>
#include <any>
#include <utility>

#include "app/session/document.h"
#include "app/session/engine_json.h"
#include "app/session/engine_message.h"
#include "app/session/engine_process.h"
#include "app/session/recent_files.h"
#include "app/session/worker_link.h"

namespace kasuri::app {
namespace {

QJsonObject openMessage(const QString &path, const QMap<QString, qint64> &given)
{
    QJsonObject dims;
    for (auto dim = given.begin(); dim != given.end(); ++dim)
        dims.insert(dim.key(), dim.value());
    return message(
        "open", {{"path", path}, {"synthesize_weights", true}, {"dims", dims}, {"graph", false}});
}

} // namespace

/// What is in the file at a glance. A file without it is opened all the same, and says why not.
void Document::askForOutline()
{
    worker_->request(
        message("outline", {{"path", path_}}),
        [](const QJsonObject &answer) {
            return std::any(std::make_shared<ModelInfo>(modelFrom(answer)));
        },
        [this](const WorkerLink::Answer &answer) {
            if (!answer.ok || state_->phase != DocumentState::Phase::Opening)
                return;
            auto outline = std::any_cast<std::shared_ptr<ModelInfo>>(answer.made);
            outline->name = QFileInfo(path_).fileName();
            state_->outline = std::move(outline);
            emit changed();
        });
}

/// Loads the model into the worker and describes both sides.
void Document::reopen()
{
    if (state_->phase == DocumentState::Phase::Opening)
        askForOutline();
    loading_ = true;
    loaded_ = cancelled_ = false;
    beforeStale_ = true;
    ask(
        openMessage(path_, state_->target.dims),
        [](const QJsonObject &graph) { return std::any(graph); },
        [this](const std::any &made) {
            const auto graph = std::any_cast<QJsonObject>(made);
            loaded_ = true;
            const QJsonObject about = graph.value(QLatin1String("model")).toObject();
            opset_ = about.value(QLatin1String("opset")).toInt();
            hash_ = about.value(QLatin1String("hash")).toString();
            state_->dims = dimsFrom(graph);
            state_->inputs = inputsFrom(graph);
            addRecentFile(path_);
            describeBefore();
        });
}

/// A worker that died or was stopped before it had the model gets it again.
void Document::openAgainIfLost()
{
    if (loaded_ || loading_)
        return;
    loading_ = true;
    order(openMessage(path_, state_->target.dims), [this] { loaded_ = true; });
}

void Document::dropRequests()
{
    if (!loaded_)
        loading_ = false;
    worker_->cancelAll();
    adviser_->cancel();
}

void Document::describe()
{
    cancelled_ = false;
    if (beforeStale_ && !loaded_)
        reopen();
    else if (beforeStale_)
        describeBefore();
    else
        describeAfter();
}

/// A worker that had to be stopped took what was asked for afterwards with it.
void Document::describeIfWanting()
{
    const bool opening = state_->phase == DocumentState::Phase::Opening;
    const bool behind = state_->model && !cancelled_
        && (beforeStale_ || !state_->after || state_->after->recipe != recipe());
    if ((opening || behind) && !path_.isEmpty() && !loaded_ && !loading_)
        describe();
}

void Document::describeBefore()
{
    ask(
        message("optimize", {{"recipe", QStringLiteral("none")}}),
        [](const QJsonObject &rewrite) {
            ModelInfo model = modelFrom(rewrite.value(QLatin1String("graph")).toObject());
            model.passes = passesFrom(rewrite);
            return std::any(std::move(model));
        },
        [this](const std::any &made) {
            auto model = std::make_shared<ModelInfo>(std::any_cast<const ModelInfo &>(made));
            model->path = path_;
            model->name = QFileInfo(path_).fileName();
            model->hash = hash_;
            model->opset = opset_;
            state_->model = model;
            emit changed();
        });
    askForPlan(QStringLiteral("none"), [this](std::shared_ptr<const PlanInfo> before) {
        state_->before = std::move(before);
        beforeStale_ = false;
        if (state_->phase == DocumentState::Phase::Opening)
            state_->phase = DocumentState::Phase::Opened;
        emit changed();
        describeAfter();
    });
}

void Document::askForPlan(const QString &recipe,
                          std::function<void(std::shared_ptr<const PlanInfo>)> receive)
{
    ask(
        message("plan", {{"threads", state_->target.threads}}),
        [recipe](const QJsonObject &answer) {
            auto plan = std::make_shared<PlanInfo>(planFrom(answer));
            plan->recipe = recipe;
            return std::any(std::shared_ptr<const PlanInfo>(std::move(plan)));
        },
        [receive = std::move(receive)](const std::any &made) {
            receive(std::any_cast<std::shared_ptr<const PlanInfo>>(made));
        });
}

void Document::describeAfter()
{
    const QString wanted = recipe();
    openAgainIfLost();
    ask(
        message("optimize", {{"recipe", wanted}}),
        [](const QJsonObject &rewrite) { return std::any(passesFrom(rewrite)); },
        [this](const std::any &made) {
            auto model = std::make_shared<ModelInfo>(*state_->model);
            model->passes = std::any_cast<QVector<PassInfo>>(made);
            state_->model = model;
            showEstimates();
            emit changed();
        });
    askForPlan(wanted, [this, wanted](std::shared_ptr<const PlanInfo> after) {
        state_->after = std::move(after);
        if (profiled_ && profiled_->hash == state_->after->hash) {
            auto known = std::make_shared<PlanInfo>(*profiled_);
            known->recipe = wanted;
            state_->after = std::move(known);
        }
        const bool again = state_->comparison && state_->measuredRecipe == wanted
            && state_->phase == DocumentState::Phase::Stale && state_->after->steps.size() > 0
            && measuredInputs_ == state_->target.inputs
            && state_->comparison->sides[1].planHash == state_->after->hash;
        if (again) {
            state_->phase = DocumentState::Phase::Measured;
            showEffects();
        }
        emit changed();
        checkInputs();
        if (!overlayWanted_.isEmpty())
            overlay(std::exchange(overlayWanted_, {}));
    });
}

} // namespace kasuri::app
