#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <functional>

#include "app/session/session_file.h"

namespace kasuri::app {

class Document;
class RunHistory;

/// Keeps the session of a window: saves and opens session files, saves by itself a little after
/// every change to a file that only a crash leaves behind, and watches the model's file.
class SessionKeeper : public QObject {
    Q_OBJECT
public:
    SessionKeeper(Document &document, RunHistory &runs, QObject *parent = nullptr);
    ~SessionKeeper() override; ///< an orderly end: the automatic file goes

    /// How the views look now, and how they are made to look that way again.
    void setViews(std::function<QJsonObject()> look, std::function<void(QJsonObject)> restore);
    bool save(const QString &path); ///< the path is remembered for the next time
    bool open(const QString &path);
    QString path() const { return path_; } ///< empty: never saved
    /// Sessions that a crash left behind, newest first.
    static QStringList leftBehind();
    bool recover(const QString &automaticFile); ///< opens it and takes it away

signals:
    void problem(const QString &message);
    void saved(const QString &path);
    void noticed(const QString &message); ///< something that happened without being asked for

private:
    SessionData now() const;
    bool restore(const QString &file);
    void saveByItself();
    void watchModel();
    void modelChanged();

    Document &document_;
    RunHistory &runs_;
    QFileSystemWatcher watcher_;
    QTimer later_, settled_;
    QString path_, automatic_, expectedHash_;
    std::function<QJsonObject()> look_;
    std::function<void(QJsonObject)> restoreViews_;
};

} // namespace kasuri::app
