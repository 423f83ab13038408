#include "app/session/engine_process.h"

#include <QDeadlineTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>
#include <utility>

#include "app/session/engine_words.h"
#include "app/session/reason_words.h"

namespace kasuri::app {
namespace {

constexpr int kPatienceMs = 700; ///< between the request to end and the end by force
constexpr int kClosingPatienceMs = 300, kReapingMs = 5000;

void endSoon(QProcess *process)
{
    process->terminate();
    QTimer::singleShot(kPatienceMs, process, [process] { process->kill(); });
}

} // namespace

EngineProcess::EngineProcess(QString program, QObject *parent)
    : QObject(parent), program_(std::move(program))
{
}

EngineProcess::~EngineProcess()
{
    discard();
    const QList<QProcess *> left = findChildren<QProcess *>();
    const QDeadlineTimer patience(kClosingPatienceMs);
    for (QProcess *process : left) {
        if (process->state() == QProcess::NotRunning
            || process->waitForFinished(int(patience.remainingTime())))
            continue;
        process->kill();
        process->waitForFinished(kReapingMs);
    }
}

void EngineProcess::start(const QStringList &arguments, Receiver receiver)
{
    discard();
    receiver_ = std::move(receiver);
    lineBuffer_.clear();
    lastError_.clear();
    cancelled_ = false;
    process_ = new QProcess(this);
    connect(process_, &QProcess::readyReadStandardError, this, &EngineProcess::readProgress);
    connect(process_, &QProcess::finished, this, &EngineProcess::finish);
    connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            lastError_ = tr("Cannot start '%1'.").arg(program_);
            finish(127, QProcess::NormalExit);
        }
    });
    process_->start(program_, arguments);
}

void EngineProcess::cancel()
{
    if (!process_)
        return;
    cancelled_ = true;
    endSoon(process_);
}

void EngineProcess::discard()
{
    if (!process_)
        return;
    process_->disconnect(this);
    connect(process_, &QProcess::finished, process_, &QObject::deleteLater);
    endSoon(process_); // not waited for: the event loop goes on
    process_ = nullptr;
    receiver_ = nullptr;
}

/// Progress arrives on standard error as {"stage":..,"done":..,"total":..} lines; any other line is
/// words for people, and the last one explains a failure.
void EngineProcess::readProgress()
{
    lineBuffer_ += process_->readAllStandardError();
    for (qsizetype end = lineBuffer_.indexOf('\n'); end >= 0; end = lineBuffer_.indexOf('\n')) {
        const QByteArray line = lineBuffer_.left(end).trimmed();
        lineBuffer_.remove(0, end + 1);
        const QJsonObject progress = QJsonDocument::fromJson(line).object();
        if (!progress.contains(QLatin1String("stage"))) {
            if (!progress.isEmpty())
                emit told(progress);
            else if (!line.isEmpty())
                lastError_ = reasonWords(QString::fromUtf8(line));
            continue;
        }
        const double total = progress.value(QLatin1String("total")).toDouble();
        const double left = progress.value(QLatin1String("seconds_left")).toDouble(-1);
        const QString stage = engineWords(progress.value(QLatin1String("stage")).toString());
        emit progressed(left < 1 ? stage : tr("%1, %2 s left").arg(stage).arg(qRound(left)),
                        total > 0 ? progress.value(QLatin1String("done")).toDouble() / total : -1);
    }
}

void EngineProcess::finish(int exitCode, QProcess::ExitStatus status)
{
    if (!process_)
        return;
    readProgress();
    Answer answer;
    answer.exitCode = exitCode;
    answer.json = process_->readAllStandardOutput();
    answer.ok = status == QProcess::NormalExit && !answer.json.isEmpty()
        && (exitCode == 0 || exitCode == 3 || exitCode == 4 || (cancelled_ && exitCode == 5));
    answer.cancelled = cancelled_;
    if (cancelled_)
        answer.error = tr("Cancelled.");
    else if (status == QProcess::CrashExit)
        answer.error = tr("The measuring process ended unexpectedly. The model and your toggles "
                          "are unchanged; F5 measures again.");
    else if (!answer.ok)
        answer.error = lastError_.isEmpty()
            ? tr("The engine gave no answer (exit code %1).").arg(exitCode)
            : lastError_;
    process_->deleteLater();
    process_ = nullptr;
    const Receiver receiver = std::exchange(receiver_, nullptr);
    if (receiver)
        receiver(answer);
}

} // namespace kasuri::app
