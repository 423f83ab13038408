#include "app/session/document.h"

#include <QFileInfo>
#include <algorithm>

#include "app/session/engine_json.h"
#include "app/session/engine_message.h"
#include "app/session/engine_process.h"
#include "app/session/recent_files.h"
#include "app/session/target_command.h"
#include "app/session/toggle_command.h"
#include "app/session/worker_link.h"

namespace kasuri::app {
namespace {

constexpr int kProfileRuns = 20;

QJsonObject openMessage(const QString &path, const QMap<QString, qint64> &given)
{
    QJsonObject dims;
    for (auto dim = given.begin(); dim != given.end(); ++dim)
        dims.insert(dim.key(), dim.value());
    return message("open", {{"path", path}, {"synthesize_weights", true}, {"dims", dims}});
}

} // namespace

Document::Document(QString kasuriProgram, QObject *parent)
    : QObject(parent), program_(std::move(kasuriProgram)),
      state_(std::make_unique<DocumentState>()), worker_(new WorkerLink(program_, this)),
      compare_(new EngineProcess(program_, this))
{
    const auto relay = [this](const QString &what, double share) {
        state_->message = what;
        state_->progress = std::max(0.0, share);
        emit progressed(what, share);
    };
    connect(worker_, &WorkerLink::progressed, this, relay);
    connect(compare_, &EngineProcess::progressed, this, relay);
    connect(worker_, &WorkerLink::died, this, [this] { loaded_ = false; });
}

Document::~Document() = default;

QString Document::recipe() const
{
    QStringList words{QStringLiteral("default")};
    QStringList on(state_->on.begin(), state_->on.end()),
        off(state_->off.begin(), state_->off.end());
    on.sort();
    off.sort();
    for (const QString &key : on)
        words << QLatin1Char('+') + key;
    for (const QString &key : off)
        words << QLatin1Char('-') + key;
    return words.join(QLatin1Char(','));
}

void Document::fail(const QString &text)
{
    state_->phase = state_->model ? DocumentState::Phase::Failed : DocumentState::Phase::Empty;
    state_->message = text;
    emit problem(text);
    emit changed();
}

void Document::ask(QJsonObject request, std::function<void(const QJsonObject &)> receive)
{
    worker_->request(std::move(request),
                     [this, receive = std::move(receive)](const WorkerLink::Answer &answer) {
                         if (answer.ok)
                             receive(answer.object);
                         else if (!answer.cancelled)
                             fail(answer.error);
                     });
}

void Document::open(const QString &path)
{
    cancel();
    undo_.clear();
    const int threads = state_->threads;
    *state_ = DocumentState{};
    state_->threads = threads;
    state_->phase = DocumentState::Phase::Opening;
    state_->message = tr("Opening %1").arg(QFileInfo(path).fileName());
    path_ = QFileInfo(path).absoluteFilePath();
    emit changed();
    reopen();
}

/// Loads the model into the worker and describes both sides.
void Document::reopen()
{
    loaded_ = true;
    ask(openMessage(path_, state_->givenDims), [this](const QJsonObject &graph) {
        opset_
            = graph.value(QLatin1String("model")).toObject().value(QLatin1String("opset")).toInt();
        state_->dims = dimsFrom(graph);
        addRecentFile(path_);
        describeBefore();
    });
}

/// A worker that died took the model with it; the next request starts a new one.
void Document::openAgainIfLost()
{
    if (loaded_)
        return;
    loaded_ = true;
    ask(openMessage(path_, state_->givenDims), [](const QJsonObject &) { });
}

void Document::describeBefore()
{
    ask(message("optimize", {{"recipe", QStringLiteral("none")}}),
        [this](const QJsonObject &rewrite) {
            auto model = std::make_shared<ModelInfo>(
                modelFrom(rewrite.value(QLatin1String("graph")).toObject()));
            model->path = path_;
            model->name = QFileInfo(path_).fileName();
            model->opset = opset_;
            model->passes = passesFrom(rewrite);
            state_->model = model;
            emit changed();
        });
    ask(message("plan", {{"threads", state_->threads}}), [this](const QJsonObject &plan) {
        auto before = std::make_shared<PlanInfo>(planFrom(plan));
        before->recipe = QStringLiteral("none");
        state_->before = before;
        if (!state_->comparison)
            state_->phase = DocumentState::Phase::Opened;
        emit changed();
        describeAfter();
    });
}

void Document::describeAfter()
{
    const QString wanted = recipe();
    openAgainIfLost();
    ask(message("optimize", {{"recipe", wanted}}), [this](const QJsonObject &rewrite) {
        auto model = std::make_shared<ModelInfo>(*state_->model);
        model->passes = passesFrom(rewrite);
        state_->model = model;
        emit changed();
    });
    ask(message("plan", {{"threads", state_->threads}}), [this, wanted](const QJsonObject &plan) {
        auto after = std::make_shared<PlanInfo>(planFrom(plan));
        after->recipe = wanted;
        state_->after = after;
        emit changed();
    });
}

void Document::toggle(const QString &key, bool on)
{
    undo_.push(new ToggleCommand(*this, key, on));
}

void Document::setToggle(const QString &key, bool on)
{
    const auto pass = std::find_if(state_->model->passes.begin(), state_->model->passes.end(),
                                   [&](const PassInfo &p) { return p.name == key; });
    const bool optIn = pass != state_->model->passes.end() && !pass->onByDefault;
    if (optIn)
        on ? void(state_->on.insert(key)) : void(state_->on.remove(key));
    else
        on ? void(state_->off.remove(key)) : void(state_->off.insert(key));
    if (state_->comparison)
        state_->phase = DocumentState::Phase::Stale;
    worker_->cancelAll();
    emit changed();
    describeAfter();
}

void Document::setDim(const QString &name, qint64 value)
{
    QMap<QString, qint64> dims = state_->givenDims;
    dims.insert(name, value);
    if (state_->model && dims != state_->givenDims)
        undo_.push(new TargetCommand(*this, tr("set %1 to %2").arg(name).arg(value),
                                     state_->threads, dims));
}

void Document::setThreads(int threads)
{
    if (threads == state_->threads)
        return;
    if (!state_->model)
        state_->threads = threads;
    else
        undo_.push(new TargetCommand(*this, tr("use %n threads", nullptr, threads), threads,
                                     state_->givenDims));
}

void Document::setTarget(int threads, const QMap<QString, qint64> &dims)
{
    const bool reshaped = dims != state_->givenDims;
    state_->threads = threads;
    state_->givenDims = dims;
    if (state_->comparison)
        state_->phase = DocumentState::Phase::Stale;
    worker_->cancelAll();
    emit changed();
    if (reshaped || !loaded_)
        reopen();
    else
        describeBefore();
}

QStringList Document::targetArguments() const
{
    QStringList arguments{QStringLiteral("--threads"), QString::number(state_->threads)};
    for (auto dim = state_->givenDims.begin(); dim != state_->givenDims.end(); ++dim)
        arguments << QStringLiteral("--dim")
                  << QStringLiteral("%1=%2").arg(dim.key()).arg(dim.value());
    return arguments;
}

void Document::measure(MeasureKind kind)
{
    if (!state_->model || compare_->running())
        return;
    state_->phase = DocumentState::Phase::Measuring;
    state_->message = tr("Starting both sides");
    state_->progress = 0;
    emit changed();
    QStringList arguments{QStringLiteral("compare"),  path_,
                          QStringLiteral("--before"), QStringLiteral("none"),
                          QStringLiteral("--after"),  recipe(),
                          QStringLiteral("--json"),   QStringLiteral("--progress"),
                          QStringLiteral("json"),     QStringLiteral("--synthesize-weights")};
    arguments += targetArguments();
    if (kind == MeasureKind::Quick)
        arguments << QStringLiteral("--blocks") << QStringLiteral("9");
    if (kind == MeasureKind::EachPass)
        arguments << QStringLiteral("--each-pass");
    compare_->start(arguments, [this](const EngineProcess::Answer &answer) {
        if (!answer.ok)
            return fail(answer.error);
        state_->comparison = comparisonFrom(answer.json);
        if (!state_->comparison)
            return fail(tr("The comparison has no result."));
        state_->phase = DocumentState::Phase::Measured;
        showEffects();
        emit changed();
        profileBoth();
    });
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
    const auto profile
        = [this](const QString &spec, std::shared_ptr<const PlanInfo> DocumentState::*side) {
              ask(message("optimize", {{"recipe", spec}}), [](const QJsonObject &) { });
              ask(message("plan", {{"threads", state_->threads}}), [](const QJsonObject &) { });
              ask(message("bind"), [](const QJsonObject &) { });
              ask(message("profile", {{"runs", kProfileRuns}}),
                  [this, spec, side](const QJsonObject &times) {
                      if (!(state_.get()->*side) || (state_.get()->*side)->recipe != spec)
                          return;
                      auto plan = std::make_shared<PlanInfo>(*(state_.get()->*side));
                      addTimes(*plan, times);
                      state_.get()->*side = plan;
                      emit changed();
                  });
          };
    profile(QStringLiteral("none"), &DocumentState::before);
    profile(recipe(), &DocumentState::after);
}

void Document::cancel()
{
    const bool measuring = compare_->running();
    compare_->cancel();
    worker_->cancelAll();
    if (state_->phase == DocumentState::Phase::Opening) {
        state_->phase = DocumentState::Phase::Empty;
        emit changed();
    } else if (!measuring && state_->phase == DocumentState::Phase::Measuring) {
        state_->phase = DocumentState::Phase::Opened;
        emit changed();
    }
}

} // namespace kasuri::app
