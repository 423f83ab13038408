#pragma once

#include <QStringList>

namespace kasuri::app {

/// Models opened before, newest first, kept in the user's settings; those that are gone are left
/// out.
QStringList recentFiles();
void addRecentFile(const QString &path);

} // namespace kasuri::app
