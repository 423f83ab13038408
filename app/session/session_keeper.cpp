#include "app/session/session_keeper.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <signal.h>

#include "app/session/document.h"
#include "app/session/run_history.h"

namespace kasuri::app {
namespace {

constexpr int kSaveAfterMs = 1500, kSettledAfterMs = 400;

QDir automaticFolder()
{
    const QDir folder(QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
                      + QStringLiteral("/kasuri/sessions"));
    folder.mkpath(QStringLiteral("."));
    return folder;
}

/// "open-1234-1.kasuri" belongs to process 1234.
bool ownerIsGone(const QString &name)
{
    const pid_t owner = name.section(QLatin1Char('-'), 1, 1).toInt();
    return owner > 0 && owner != QCoreApplication::applicationPid() && ::kill(owner, 0) != 0;
}

} // namespace

SessionKeeper::SessionKeeper(Document &document, RunHistory &runs, QObject *parent)
    : QObject(parent), document_(document), runs_(runs)
{
    static int windows = 0;
    automatic_ = automaticFolder().filePath(
        QStringLiteral("open-%1-%2.kasuri").arg(QCoreApplication::applicationPid()).arg(++windows));
    later_.setSingleShot(true);
    later_.setInterval(kSaveAfterMs);
    settled_.setSingleShot(true);
    settled_.setInterval(kSettledAfterMs);
    connect(&later_, &QTimer::timeout, this, &SessionKeeper::saveByItself);
    connect(&settled_, &QTimer::timeout, this, &SessionKeeper::modelChanged);
    connect(&watcher_, &QFileSystemWatcher::fileChanged, &settled_, qOverload<>(&QTimer::start));
    connect(&document_, &Document::changed, this, [this] {
        later_.start();
        watchModel();
    });
    connect(&runs_, &RunHistory::changed, &later_, qOverload<>(&QTimer::start));
}

SessionKeeper::~SessionKeeper()
{
    QFile::remove(automatic_);
}

void SessionKeeper::setViews(std::function<QJsonObject()> look,
                             std::function<void(QJsonObject)> restore)
{
    look_ = std::move(look);
    restoreViews_ = std::move(restore);
}

SessionData SessionKeeper::now() const
{
    const DocumentState &s = document_.state();
    return {s.model ? s.model->path : QString(),
            s.model ? s.model->hash : QString(),
            s.recipe,
            s.target,
            s.groups,
            s.overlay ? s.overlay->file : QString(),
            runs_.toJson(),
            look_ ? look_() : QJsonObject()};
}

bool SessionKeeper::save(const QString &path)
{
    const QString error = writeSession(path, now());
    if (!error.isEmpty()) {
        emit problem(error);
        return false;
    }
    path_ = path;
    emit saved(path);
    return true;
}

bool SessionKeeper::restore(const QString &file)
{
    QString error;
    const std::optional<SessionData> session = readSession(file, error);
    if (!session) {
        emit problem(error);
        return false;
    }
    runs_.restore(session->runs);
    if (restoreViews_)
        restoreViews_(session->views);
    expectedHash_ = session->modelHash;
    OpenWith with{session->recipe, session->target, session->groups, session->overlayPath};
    if (!with.overlay.isEmpty() && !QFileInfo::exists(with.overlay)) {
        emit noticed(tr("The profile %1 laid over the model is no longer there; everything else "
                        "is as it was.")
                         .arg(with.overlay));
        with.overlay.clear();
    }
    document_.open(session->modelPath, with);
    return true;
}

bool SessionKeeper::open(const QString &path)
{
    if (!restore(path))
        return false;
    path_ = path;
    return true;
}

QStringList SessionKeeper::leftBehind()
{
    QStringList files;
    for (const QFileInfo &file : automaticFolder().entryInfoList({QStringLiteral("open-*.kasuri")},
                                                                 QDir::Files, QDir::Time))
        if (ownerIsGone(file.fileName()))
            files << file.absoluteFilePath();
    return files;
}

bool SessionKeeper::recover(const QString &automaticFile)
{
    return restore(automaticFile) && QFile::remove(automaticFile);
}

void SessionKeeper::saveByItself()
{
    if (!document_.state().model)
        return;
    const QString error = writeSession(automatic_, now());
    if (!error.isEmpty())
        emit problem(error);
}

void SessionKeeper::watchModel()
{
    const auto &model = document_.state().model;
    if (!model)
        return;
    if (!expectedHash_.isEmpty()) {
        if (model->hash != expectedHash_)
            emit noticed(tr("%1 is not the file this session was made with: the runs kept are of "
                            "the earlier one.")
                             .arg(model->name));
        expectedHash_.clear();
    }
    if (watcher_.files() == QStringList{model->path})
        return;
    if (!watcher_.files().isEmpty())
        watcher_.removePaths(watcher_.files());
    watcher_.addPath(model->path);
}

/// Editors and exporters replace a file in several steps; this runs when it has been quiet.
void SessionKeeper::modelChanged()
{
    const DocumentState &s = document_.state();
    if (!s.model || !QFileInfo::exists(s.model->path))
        return;
    if (s.working())
        return settled_.start();
    const QString path = s.model->path, name = s.model->name;
    const OpenWith with{s.recipe, s.target, s.groups, s.overlay ? s.overlay->file : QString()};
    document_.open(path, with);
    emit noticed(
        tr("%1 changed on disk and was opened again; recipe and runs are kept.").arg(name));
}

} // namespace kasuri::app
