#pragma once

#include <QJsonObject>
#include <QMap>
#include <QSet>
#include <QString>
#include <QStringList>
#include <QVector>

#include "app/session/workbench_data.h"

namespace kasuri::app {

/// What the user switched against the default recipe.
struct RecipeState {
    QSet<QString> off, on; ///< names of passes, rules and sites
    bool exactOnly = false; ///< locks out whatever may change a bit of the outputs

    bool operator==(const RecipeState &) const = default;
};

/// What both sides are planned and measured for.
struct Target {
    int threads = 1;
    QString cpus; ///< "0,1" or "0-3"; empty: any
    QMap<QString, qint64> dims; ///< given by the user
    QStringList requirements; ///< "p90<=100ms"
    QMap<QString, QString> inputs; ///< by name, as `--input` takes it; others are made up

    bool operator==(const Target &) const = default;
};

/// The recipe as it runs: with the lock, passes and rules that are not exact are off as well.
RecipeState effective(const RecipeState &recipe, const QVector<PassInfo> &passes);
/// "default,+bf16,-fuse", which the command line takes.
QString specOf(const RecipeState &effectiveRecipe);
/// Its words; a comma or backslash inside a name stands behind a backslash.
QStringList splitSpec(const QString &spec);
/// The reverse; words it cannot read are left out.
RecipeState recipeFromSpec(const QString &spec);

/// The target as options of the command line, but for its requirements.
QStringList optionsOf(const Target &target);
/// `--input NAME=SOURCE` for each input chosen.
QStringList inputOptionsOf(const Target &target);
/// "range:0:30521" and the other rules; anything else names a file or a folder.
bool isInputRule(const QString &source);

QJsonObject toJson(const RecipeState &recipe);
QJsonObject toJson(const Target &target);
RecipeState recipeFromJson(const QJsonObject &object);
Target targetFromJson(const QJsonObject &object);

} // namespace kasuri::app
