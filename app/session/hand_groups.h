#pragma once

#include <QJsonArray>
#include <QString>
#include <QStringList>
#include <QVector>

namespace kasuri::app {

/// Operators that the user drew together under a name. No operator is in two groups.
struct HandGroup {
    QString name;
    QStringList operators;

    bool operator==(const HandGroup &) const = default;
};

/// `groups` and a new one: its operators leave the groups they were in, and a group left with
/// fewer than two goes. A name in use gets a number.
QVector<HandGroup> grouped(QVector<HandGroup> groups, const QString &name,
                           const QStringList &operators);
/// `groups` without those that hold one of the operators.
QVector<HandGroup> ungrouped(QVector<HandGroup> groups, const QStringList &operators);

QJsonArray toJson(const QVector<HandGroup> &groups);
/// What is no group is left out.
QVector<HandGroup> handGroupsFromJson(const QJsonArray &array);

} // namespace kasuri::app
