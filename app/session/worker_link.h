#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QObject>
#include <QProcess>
#include <QQueue>
#include <any>
#include <functional>
#include <optional>
#include <utility>

namespace kasuri::app {

/// One living `kasuri worker`, spoken to in frames (profiling/README.md). Requests are queued and
/// answered in order; a worker that dies answers all of them with an error and is started anew by
/// the next request. Large answers are read off the event loop.
class WorkerLink : public QObject {
    Q_OBJECT
public:
    struct Answer {
        bool ok = false;
        bool cancelled = false;
        std::any made; ///< by the Decoder; empty unless ok
        QString error;
    };
    using Receiver = std::function<void(const Answer &)>;
    /// Makes a value of a result frame; called on any thread.
    using Decoder = std::function<std::any(const QJsonObject &)>;

    explicit WorkerLink(QString program, QObject *parent = nullptr);
    ~WorkerLink() override;

    void request(QJsonObject message, Decoder decoder, Receiver receiver);
    /// Drops everything asked for; a worker that does not stop within half a second is killed.
    void cancelAll();
    bool busy() const { return !waiting_.isEmpty(); }
    qint64 processId() const { return process_ ? process_->processId() : 0; }

signals:
    void progressed(const QString &what, double share);
    void died(bool stopped); ///< what it held is lost; stopped: by cancelAll()

private:
    struct Pending {
        int id = 0;
        Decoder decoder;
        Receiver receiver;
    };
    /// A line of the worker, understood.
    struct Frame {
        QJsonObject object;
        std::any made;
    };
    static Frame decode(const QByteArray &line, const Pending &next);
    void ensureStarted();
    void readFrames();
    void decodeElsewhere(const QByteArray &line, const Pending &next);
    void handle(const Frame &frame);
    void ended(int exitCode, QProcess::ExitStatus status);
    void failAll(const QString &error, bool cancelled = false);

    QString program_;
    QProcess *process_ = nullptr;
    QByteArray buffer_;
    qsizetype searched_ = 0; ///< of buffer_, without a line's end
    bool decoding_ = false; ///< elsewhere; what comes meanwhile waits
    std::optional<std::pair<int, QProcess::ExitStatus>> end_; ///< came while decoding
    qint64 blobBytes_ = 0; // still to skip
    QQueue<Pending> waiting_;
    int nextId_ = 1;
    bool stopping_ = false; ///< killed because it did not stop by itself
};

} // namespace kasuri::app
