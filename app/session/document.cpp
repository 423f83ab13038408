#include "app/session/document.h"

#include <QFileInfo>
#include <QTimer>
#include <algorithm>
#include <utility>

#include "app/session/engine_process.h"
#include "app/session/group_command.h"
#include "app/session/recipe_command.h"
#include "app/session/target_command.h"
#include "app/session/worker_link.h"

namespace kasuri::app {

Document::Document(QString kasuriProgram, QObject *parent)
    : QObject(parent), program_(std::move(kasuriProgram)),
      state_(std::make_unique<DocumentState>()), worker_(new WorkerLink(program_, this)),
      compare_(new EngineProcess(program_, this)), adviser_(new EngineProcess(program_, this)),
      overlayer_(new EngineProcess(program_, this))
{
    const auto relay = [this](const QString &what, double share) {
        if (state_->working() || !state_->after) {
            state_->message = what;
            state_->progress = std::max(0.0, share);
        }
        emit progressed(what, share);
    };
    connect(worker_, &WorkerLink::progressed, this, relay);
    connect(compare_, &EngineProcess::progressed, this, relay);
    connect(overlayer_, &EngineProcess::progressed, this, relay);
    connect(worker_, &WorkerLink::died, this, [this](bool stopped) {
        loaded_ = loading_ = false;
        if (stopped)
            QTimer::singleShot(0, this, &Document::describeIfWanting);
    });
}

Document::~Document() = default;

QString Document::recipe() const
{
    return specOf(state_->model ? effective(state_->recipe, state_->model->passes)
                                : state_->recipe);
}

void Document::fail(const QString &text)
{
    state_->phase = state_->model ? DocumentState::Phase::Failed : DocumentState::Phase::Empty;
    state_->message = text;
    emit problem(text);
    emit changed();
}

void Document::ask(QJsonObject request, std::function<std::any(const QJsonObject &)> decode,
                   std::function<void(const std::any &)> receive)
{
    worker_->request(std::move(request), std::move(decode),
                     [this, receive = std::move(receive)](const WorkerLink::Answer &answer) {
                         if (answer.ok)
                             receive(answer.made);
                         else if (!answer.cancelled)
                             fail(answer.error);
                     });
}

void Document::order(QJsonObject request, std::function<void()> done)
{
    ask(std::move(request), {}, [done = std::move(done)](const std::any &) {
        if (done)
            done();
    });
}

void Document::open(const QString &path, const std::optional<OpenWith> &with)
{
    cancel();
    undo_.clear();
    const int threads = state_->target.threads;
    *state_ = DocumentState{};
    profiled_.reset();
    measuredInputs_.clear();
    state_->target.threads = threads;
    overlayWanted_.clear();
    if (with) {
        state_->recipe = with->recipe;
        state_->target = with->target;
        state_->groups = with->groups;
        overlayWanted_ = with->overlay;
    }
    path_.clear();
    if (path.isEmpty())
        return emit changed();
    state_->phase = DocumentState::Phase::Opening;
    state_->message = tr("Opening %1").arg(QFileInfo(path).fileName());
    path_ = QFileInfo(path).absoluteFilePath();
    emit changed();
    reopen();
}

void Document::toggle(const QString &key, bool on)
{
    if (!state_->model)
        return;
    const auto &passes = state_->model->passes;
    const auto pass = std::find_if(passes.begin(), passes.end(),
                                   [&](const PassInfo &p) { return p.name == key; });
    RecipeState next = state_->recipe;
    if (pass != passes.end() && !pass->onByDefault)
        on ? void(next.on.insert(key)) : void(next.on.remove(key));
    else
        on ? void(next.off.remove(key)) : void(next.off.insert(key));
    if (on && next.exactOnly && effective(next, passes) == effective(state_->recipe, passes))
        return emit problem(
            tr("%1 may change bits of the outputs and is locked out. Ctrl+L unlocks.").arg(key));
    setRecipe(on ? tr("switch on %1").arg(key) : tr("switch off %1").arg(key), next);
}

void Document::setRecipe(const QString &undoText, const RecipeState &recipe)
{
    if (state_->model && recipe != state_->recipe)
        undo_.push(new RecipeCommand(*this, undoText, recipe));
}

void Document::applyRecipe(const RecipeState &recipe)
{
    state_->recipe = recipe;
    if (state_->phase != DocumentState::Phase::Measuring)
        state_->phase
            = state_->comparison ? DocumentState::Phase::Stale : DocumentState::Phase::Opened;
    dropRequests();
    emit changed();
    describe();
}

void Document::retarget(const QString &undoText, const Target &target)
{
    if (target == state_->target)
        return;
    if (state_->model)
        undo_.push(new TargetCommand(*this, undoText, target));
    else
        state_->target = target;
}

void Document::applyTarget(const Target &target)
{
    const bool reshaped = target.dims != state_->target.dims;
    const bool replan = reshaped || target.threads != state_->target.threads;
    const bool fed = target.inputs != state_->target.inputs;
    state_->target = target;
    if (fed) {
        state_->inputProblem.clear();
        profiled_.reset();
    }
    if (state_->phase != DocumentState::Phase::Measuring)
        state_->phase
            = state_->comparison ? DocumentState::Phase::Stale : DocumentState::Phase::Opened;
    emit changed();
    if (!replan)
        return fed && state_->after ? checkInputs() : void();
    profiled_.reset();
    dropRequests();
    beforeStale_ = true;
    if (reshaped)
        loaded_ = loading_ = false;
    describe();
}

void Document::regroup(const QString &undoText, const QVector<HandGroup> &groups)
{
    if (state_->model && groups != state_->groups)
        undo_.push(new GroupCommand(*this, undoText, groups));
}

void Document::applyGroups(const QVector<HandGroup> &groups)
{
    state_->groups = groups;
    emit changed();
}

void Document::cancel()
{
    const bool planning = worker_->busy();
    cancelled_ = true;
    compare_->cancel();
    overlayer_->cancel();
    dropRequests();
    if (state_->phase == DocumentState::Phase::Opening) {
        state_->phase = DocumentState::Phase::Empty;
        state_->message = tr("Cancelled. Ctrl+O opens a model.");
        state_->model.reset();
        state_->before.reset();
    } else if (planning && state_->after && state_->after->recipe != recipe()) {
        state_->message = tr("Cancelled. The graph still shows %1; F5 or a switch plans again.")
                              .arg(state_->after->recipe);
    } else if (!planning) {
        return;
    }
    emit changed();
}

} // namespace kasuri::app
