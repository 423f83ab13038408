#include "app/session/session_file.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSaveFile>

#include "app/session/json_access.h"

namespace kasuri::app {
namespace {

constexpr int kVersion = 1;
constexpr qint64 kLargestFile = qint64(512) << 20;
const QString kFormat = QStringLiteral("kasuri-session");

struct SessionFile {
    Q_DECLARE_TR_FUNCTIONS(SessionFile)
};

/// A file by both its paths: sessions move with what lies beside them.
QJsonObject fileIn(const QDir &folder, const QString &path)
{
    return {{QStringLiteral("path"), path},
            {QStringLiteral("relative_path"), folder.relativeFilePath(path)}};
}

QString pathIn(const QDir &folder, const QJsonObject &file)
{
    const QString path = access::text(file, "path");
    const QString beside = folder.filePath(access::text(file, "relative_path"));
    const bool moved = !path.isEmpty() && !QFileInfo::exists(path) && QFileInfo(beside).isFile();
    return moved ? QDir::cleanPath(beside) : path;
}

} // namespace

QString writeSession(const QString &path, const SessionData &session)
{
    const QDir folder = QFileInfo(path).absoluteDir();
    QJsonObject model = fileIn(folder, session.modelPath);
    model.insert(QStringLiteral("hash"), session.modelHash);
    const QJsonObject overlay
        = session.overlayPath.isEmpty() ? QJsonObject() : fileIn(folder, session.overlayPath);
    const QJsonObject whole{{QStringLiteral("format"), kFormat},
                            {QStringLiteral("version"), kVersion},
                            {QStringLiteral("model"), model},
                            {QStringLiteral("recipe"), toJson(session.recipe)},
                            {QStringLiteral("target"), toJson(session.target)},
                            {QStringLiteral("groups"), toJson(session.groups)},
                            {QStringLiteral("overlay"), overlay},
                            {QStringLiteral("runs"), session.runs},
                            {QStringLiteral("views"), session.views}};
    const QByteArray bytes = QJsonDocument(whole).toJson(QJsonDocument::Indented);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return SessionFile::tr("Cannot write %1: %2").arg(path, file.errorString());
    return {};
}

std::optional<SessionData> readSession(const QString &path, QString &error)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        error = SessionFile::tr("Cannot read %1: %2").arg(path, file.errorString());
        return std::nullopt;
    }
    QJsonParseError wrong;
    const QJsonObject o = file.size() > kLargestFile
        ? QJsonObject()
        : QJsonDocument::fromJson(file.readAll(), &wrong).object();
    if (access::text(o, "format") != kFormat || access::integer(o, "version") < 1) {
        error = SessionFile::tr("%1 is no Kasuri session: open the model with Ctrl+O instead.")
                    .arg(path);
        return std::nullopt;
    }
    const QJsonObject model = access::object(o, "model");
    SessionData session;
    const QDir folder = QFileInfo(path).absoluteDir();
    session.modelPath = pathIn(folder, model);
    session.overlayPath = pathIn(folder, access::object(o, "overlay"));
    session.groups = handGroupsFromJson(access::array(o, "groups"));
    session.modelHash = access::text(model, "hash");
    session.recipe = recipeFromJson(access::object(o, "recipe"));
    session.target = targetFromJson(access::object(o, "target"));
    session.runs = access::array(o, "runs");
    session.views = access::object(o, "views");
    return session;
}

} // namespace kasuri::app
