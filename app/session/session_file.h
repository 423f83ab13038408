#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QString>
#include <optional>

#include "app/session/hand_groups.h"
#include "app/session/recipe_state.h"

namespace kasuri::app {

/// What a session file holds. The model itself stays where it is; its hash tells whether it is
/// still the one the runs were made of.
struct SessionData {
    QString modelPath, modelHash;
    RecipeState recipe;
    Target target;
    QVector<HandGroup> groups;
    QString overlayPath; ///< of a profile laid over the model; empty: none
    QJsonArray runs;
    QJsonObject views; ///< docks, layout, versions shown
};

/// Writes JSON of version 1 to a temporary name and renames it. Empty: written; else why not.
QString writeSession(const QString &path, const SessionData &session);

/// Reads version 1 and, of later versions, what it knows. Nothing: `error` says why, in words.
std::optional<SessionData> readSession(const QString &path, QString &error);

} // namespace kasuri::app
