#pragma once

#include <QStringList>
#include <QVector>
#include <utility>

#include "app/session/hand_groups.h"

namespace kasuri::app {

struct GraphItem;

/// The scope of each item, outermost first: as exporter or names tell it, else the longest
/// repetition of operator types; with what the user drew together in scopes of their own.
QVector<QStringList> scopePaths(const QVector<GraphItem> &items,
                                const QVector<std::pair<int, int>> &links,
                                const QVector<HandGroup> &byHand);

/// Whether the last part of a path is a group drawn by hand; its name begins after one letter.
bool isHandToken(const QString &token);

} // namespace kasuri::app
