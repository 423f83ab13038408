#include "app/session/recent_files.h"

#include <QFileInfo>
#include <QSettings>

namespace kasuri::app {
namespace {

constexpr int kMost = 10;
const QString kKey = QStringLiteral("recent");

} // namespace

QStringList recentFiles()
{
    QStringList found;
    const QSettings kept(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("kasuri"),
                         QStringLiteral("workbench"));
    for (const QString &path : kept.value(kKey).toStringList())
        if (QFileInfo::exists(path))
            found << path;
    return found;
}

void addRecentFile(const QString &path)
{
    QStringList files = recentFiles();
    files.removeAll(path);
    files.prepend(path);
    QSettings kept(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("kasuri"),
                   QStringLiteral("workbench"));
    kept.setValue(kKey, files.mid(0, kMost));
}

} // namespace kasuri::app
