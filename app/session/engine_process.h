#pragma once

#include <QJsonObject>
#include <QObject>
#include <QProcess>
#include <functional>

namespace kasuri::app {

/// One run of the command line with its JSON answer: started, watched, ended on request. The
/// newest request wins: start() ends a run still under way without calling its receiver. Runs are
/// asked to end, killed if they do not, and none outlives this object.
class EngineProcess : public QObject {
    Q_OBJECT
public:
    struct Answer {
        bool ok = false; ///< there is an answer, perhaps of a run cut short
        bool cancelled = false;
        int exitCode = 0;
        QByteArray json;
        QString error; ///< why not, in words
    };
    using Receiver = std::function<void(const Answer &)>;

    explicit EngineProcess(QString program, QObject *parent = nullptr);
    ~EngineProcess() override;

    void start(const QStringList &arguments, Receiver receiver);
    void cancel();
    bool running() const { return process_ != nullptr; }

signals:
    void progressed(const QString &what, double share);
    void told(const QJsonObject &line); ///< any other object on standard error

private:
    void readProgress();
    void finish(int exitCode, QProcess::ExitStatus status);
    void discard();

    QString program_;
    QProcess *process_ = nullptr;
    Receiver receiver_;
    QByteArray lineBuffer_;
    QString lastError_;
    bool cancelled_ = false;
};

} // namespace kasuri::app
