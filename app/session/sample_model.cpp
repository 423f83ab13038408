#include "app/session/sample_model.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSaveFile>
#include <QStandardPaths>

namespace kasuri::app {

/// The sample lies inside the program.
QString sampleFile(QString &problem)
{
    const QDir folder(QStandardPaths::writableLocation(QStandardPaths::CacheLocation));
    folder.mkpath(QStringLiteral("."));
    const QString path = folder.filePath(QStringLiteral("small_cnn.ktxt"));
    QFile inside(QStringLiteral(":/models/small_cnn.ktxt"));
    QSaveFile file(path);
    if (inside.open(QIODevice::ReadOnly) && file.open(QIODevice::WriteOnly)
        && file.write(inside.readAll()) >= 0 && file.commit())
        return path;
    problem = QCoreApplication::translate("StartPage", "Cannot write %1: %2")
                  .arg(path, file.errorString());
    return {};
}

} // namespace kasuri::app
