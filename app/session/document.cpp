#include "app/session/document.h"

#include <QFileInfo>
#include <QSaveFile>
#include <algorithm>

#include "app/session/engine_json.h"
#include "app/session/engine_process.h"
#include "app/session/toggle_command.h"
#include "app/session/worker_link.h"

namespace kasuri::app {
namespace {

constexpr int kProfileRuns = 20;
constexpr int kThreads = 1;

QJsonObject message(const char *type,
                    std::initializer_list<std::pair<const char *, QJsonValue>> fields = {})
{
    QJsonObject object{{QStringLiteral("type"), QString::fromLatin1(type)}};
    for (const auto &[key, value] : fields)
        object.insert(QString::fromLatin1(key), value);
    return object;
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
    *state_ = DocumentState{};
    state_->phase = DocumentState::Phase::Opening;
    state_->message = tr("Opening %1").arg(QFileInfo(path).fileName());
    path_ = QFileInfo(path).absoluteFilePath();
    emit changed();
    reopen();
}

/// Loads the model into the worker (again, after a crash) and describes both sides.
void Document::reopen()
{
    ask(message("open", {{"path", path_}, {"synthesize_weights", true}}),
        [this](const QJsonObject &graph) {
            opset_ = graph.value(QLatin1String("model"))
                         .toObject()
                         .value(QLatin1String("opset"))
                         .toInt();
            describeBefore();
        });
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
    ask(message("plan", {{"threads", kThreads}}), [this](const QJsonObject &plan) {
        auto before = std::make_shared<PlanInfo>(planFrom(plan));
        before->recipe = QStringLiteral("none");
        state_->before = before;
        state_->phase = DocumentState::Phase::Opened;
        emit changed();
        describeAfter();
    });
}

void Document::describeAfter()
{
    const QString wanted = recipe();
    ask(message("optimize", {{"recipe", wanted}}), [this](const QJsonObject &rewrite) {
        auto model = std::make_shared<ModelInfo>(*state_->model);
        model->passes = passesFrom(rewrite);
        state_->model = model;
        emit changed();
    });
    ask(message("plan", {{"threads", kThreads}}), [this, wanted](const QJsonObject &plan) {
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

void Document::measure(bool quick)
{
    if (!state_->model || compare_->running())
        return;
    state_->phase = DocumentState::Phase::Measuring;
    state_->message = tr("Starting both sides");
    state_->progress = 0;
    emit changed();
    QStringList arguments{QStringLiteral("compare"),   path_,
                          QStringLiteral("--before"),  QStringLiteral("none"),
                          QStringLiteral("--after"),   recipe(),
                          QStringLiteral("--json"),    QStringLiteral("--progress"),
                          QStringLiteral("json"),      QStringLiteral("--synthesize-weights"),
                          QStringLiteral("--threads"), QString::number(kThreads)};
    if (quick)
        arguments << QStringLiteral("--samples") << QStringLiteral("9");
    compare_->start(arguments, [this](const EngineProcess::Answer &answer) {
        if (!answer.ok)
            return fail(answer.error);
        state_->comparison = comparisonFrom(answer.json);
        if (!state_->comparison)
            return fail(tr("The comparison has no result."));
        state_->phase = DocumentState::Phase::Measured;
        emit changed();
        profileBoth();
    });
}

/// Times per kernel of both sides, from instrumented runs after the measurement.
void Document::profileBoth()
{
    const auto profile
        = [this](const QString &spec, std::shared_ptr<const PlanInfo> DocumentState::*side) {
              ask(message("optimize", {{"recipe", spec}}), [](const QJsonObject &) { });
              ask(message("plan", {{"threads", kThreads}}), [](const QJsonObject &) { });
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

void Document::exportTo(ExportKind kind, const QString &path)
{
    if (!state_->model)
        return emit problem(tr("Nothing to export. Ctrl+O opens a model."));
    if (kind == ExportKind::Onnx || kind == ExportKind::Plan) {
        const char *field = kind == ExportKind::Onnx ? "onnx" : "plan";
        ask(message("optimize", {{"recipe", recipe()}}), [](const QJsonObject &) { });
        ask(message("plan", {{"threads", kThreads}}), [](const QJsonObject &) { });
        return ask(message("export", {{field, path}}),
                   [this, path](const QJsonObject &) { emit exported(path); });
    }
    if (!state_->comparison)
        return emit problem(
            tr("Nothing measured yet. F5 measures, then the report can be written."));
    if (kind == ExportKind::Json)
        return writeJson(path);
    compare_->start({QStringLiteral("compare"), path_, QStringLiteral("--before"),
                     QStringLiteral("none"), QStringLiteral("--after"), recipe(),
                     QStringLiteral("--report"), path, QStringLiteral("--progress"),
                     QStringLiteral("json"), QStringLiteral("--json"),
                     QStringLiteral("--synthesize-weights")},
                    [this, path](const EngineProcess::Answer &answer) {
                        answer.ok ? emit exported(path) : fail(answer.error);
                    });
}

void Document::writeJson(const QString &path)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(state_->comparison->json.toUtf8()) < 0
        || !file.commit())
        return emit problem(tr("Cannot write %1: %2").arg(path, file.errorString()));
    emit exported(path);
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
