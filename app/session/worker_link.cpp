#include "app/session/worker_link.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTimer>
#include <QtConcurrent>
#include <utility>

#include "app/session/engine_words.h"
#include "app/session/reason_words.h"

namespace kasuri::app {
namespace {

constexpr int kCancelPatienceMs = 500;
constexpr int kQuitPatienceMs = 300, kReapingMs = 5000;
constexpr qsizetype kReadAtOnceBytes = 16 * 1024;

constexpr double kMiB = 1048576.0, kFewBytes = 10 * kMiB;

/// "Reading 212 of 438 MiB, 2 s left"; other stages in the engine's words.
QString progressWords(const QJsonObject &progress)
{
    const double done = progress.value(QLatin1String("done")).toDouble(),
                 total = progress.value(QLatin1String("total")).toDouble();
    if (progress.value(QLatin1String("unit")).toString() != QLatin1String("bytes"))
        return engineWords(progress.value(QLatin1String("stage")).toString());
    const int digits = total < kFewBytes ? 1 : 0;
    const QString words = WorkerLink::tr("Reading %1 of %2 MiB")
                              .arg(done / kMiB, 0, 'f', digits)
                              .arg(total / kMiB, 0, 'f', digits);
    const double left = progress.value(QLatin1String("seconds_left")).toDouble(-1);
    return left < 0.5 ? words : WorkerLink::tr("%1, %2 s left").arg(words).arg(qRound(left));
}

} // namespace

WorkerLink::WorkerLink(QString program, QObject *parent)
    : QObject(parent), program_(std::move(program))
{
}

WorkerLink::~WorkerLink()
{
    if (!process_)
        return;
    process_->disconnect(this);
    process_->closeWriteChannel();
    if (!process_->waitForFinished(kQuitPatienceMs)) {
        process_->kill();
        process_->waitForFinished(kReapingMs);
    }
}

void WorkerLink::ensureStarted()
{
    if (process_)
        return;
    buffer_.clear();
    searched_ = blobBytes_ = 0;
    process_ = new QProcess(this);
    connect(process_, &QProcess::readyReadStandardOutput, this, &WorkerLink::readFrames);
    connect(process_, &QProcess::finished, this, &WorkerLink::ended);
    connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            ended(127, QProcess::NormalExit);
    });
    process_->start(program_, {QStringLiteral("worker")});
}

void WorkerLink::request(QJsonObject message, Decoder decoder, Receiver receiver)
{
    ensureStarted();
    const int id = nextId_++;
    message.insert(QStringLiteral("id"), id);
    waiting_.enqueue({id, std::move(decoder), std::move(receiver)});
    process_->write(QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n');
}

WorkerLink::Frame WorkerLink::decode(const QByteArray &line, const Pending &next)
{
    Frame frame{QJsonDocument::fromJson(line).object(), {}};
    const bool asked = next.id == frame.object.value(QLatin1String("id")).toInt();
    if (asked && next.decoder
        && frame.object.value(QLatin1String("type")) == QLatin1String("result"))
        frame.made = next.decoder(frame.object);
    return frame;
}

void WorkerLink::readFrames()
{
    if (process_)
        buffer_ += process_->readAllStandardOutput();
    while (!decoding_) {
        const qint64 skipped = std::min<qint64>(blobBytes_, buffer_.size());
        buffer_.remove(0, skipped);
        blobBytes_ -= skipped;
        const qsizetype end = buffer_.indexOf('\n', searched_);
        searched_ = end < 0 ? buffer_.size() : 0;
        if (end < 0)
            return;
        const QByteArray line = buffer_.left(end);
        buffer_.remove(0, end + 1);
        const Pending next = waiting_.isEmpty() ? Pending{} : waiting_.head();
        if (line.size() > kReadAtOnceBytes)
            decodeElsewhere(line, next);
        else
            handle(decode(line, next));
    }
}

void WorkerLink::decodeElsewhere(const QByteArray &line, const Pending &next)
{
    decoding_ = true;
    QtConcurrent::run(&WorkerLink::decode, line, next).then(this, [this](const Frame &frame) {
        decoding_ = false;
        handle(frame);
        readFrames();
        if (const auto end = end_; end && !decoding_)
            ended(end->first, end->second);
    });
}

void WorkerLink::handle(const Frame &frame)
{
    const QJsonObject &object = frame.object;
    for (const QJsonValue &size : object.value(QLatin1String("blobs")).toArray())
        blobBytes_ += qint64(size.toDouble());
    const QString type = object.value(QLatin1String("type")).toString();
    if (type == QLatin1String("progress")) {
        const double total = object.value(QLatin1String("total")).toDouble();
        emit progressed(progressWords(object),
                        total > 0 ? object.value(QLatin1String("done")).toDouble() / total : -1);
        return;
    }
    if (waiting_.isEmpty() || waiting_.head().id != object.value(QLatin1String("id")).toInt())
        return;
    const Pending pending = waiting_.dequeue();
    Answer answer;
    answer.ok = type == QLatin1String("result");
    answer.made = frame.made;
    answer.error = reasonWords(object.value(QLatin1String("message")).toString());
    answer.cancelled = object.value(QLatin1String("kind")).toString() == QLatin1String("cancelled");
    if (pending.receiver)
        pending.receiver(answer);
}

void WorkerLink::cancelAll()
{
    for (Pending &pending : waiting_)
        pending.receiver = nullptr;
    if (!process_ || waiting_.isEmpty())
        return;
    process_->write("{\"type\":\"cancel\"}\n");
    const int last = waiting_.last().id;
    QTimer::singleShot(kCancelPatienceMs, process_, [this, process = process_, last] {
        if (process != process_ || !busy() || waiting_.head().id > last)
            return;
        stopping_ = true;
        process->kill();
    });
}

void WorkerLink::ended(int exitCode, QProcess::ExitStatus status)
{
    if (!process_)
        return;
    if (decoding_) {
        end_ = {exitCode, status};
        return;
    }
    end_.reset();
    const QString words = QString::fromUtf8(process_->readAllStandardError())
                              .trimmed()
                              .section(QLatin1Char('\n'), -1);
    process_->disconnect(this);
    process_->deleteLater();
    process_ = nullptr;
    const bool stopped = std::exchange(stopping_, false);
    emit died(stopped);
    if (stopped)
        return failAll({}, true);
    if (status == QProcess::CrashExit)
        failAll(tr("The engine process ended unexpectedly%1. The window and your toggles are "
                   "unchanged; F5 measures again.")
                    .arg(words.isEmpty() ? QString()
                                         : QStringLiteral(" (") + words + QLatin1Char(')')));
    else
        failAll(words.isEmpty() ? tr("Cannot run '%1' (exit code %2).").arg(program_).arg(exitCode)
                                : words);
}

void WorkerLink::failAll(const QString &error, bool cancelled)
{
    const QQueue<Pending> lost = std::exchange(waiting_, {});
    Answer answer;
    answer.error = error;
    answer.cancelled = cancelled;
    for (const Pending &pending : lost)
        if (pending.receiver)
            pending.receiver(answer);
}

} // namespace kasuri::app
