#pragma once

#include <QFont>
#include <QString>

#include "app/graph/graph_geometry.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// Writes the whole picture to a .svg or .png file (by its ending), drawn as on the screen; a PNG
/// is at most 16384 px high and wide. Returns what went wrong, in words; empty: written. A file
/// that was there is replaced only by a complete one.
QString exportPicture(const GraphGeometry &graph, const Theme &theme, const QFont &font,
                      const QString &path);

} // namespace kasuri::app
