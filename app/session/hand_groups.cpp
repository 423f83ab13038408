#include "app/session/hand_groups.h"

#include <QSet>
#include <algorithm>

#include "app/session/json_access.h"

namespace kasuri::app {
namespace {

constexpr qsizetype kFewest = 2;

QString freeName(const QVector<HandGroup> &groups, const QString &wanted)
{
    const auto taken = [&](const QString &name) {
        return std::any_of(groups.begin(), groups.end(),
                           [&](const HandGroup &group) { return group.name == name; });
    };
    QString name = wanted;
    for (int number = 2; taken(name); ++number)
        name = QStringLiteral("%1 (%2)").arg(wanted).arg(number);
    return name;
}

} // namespace

QVector<HandGroup> grouped(QVector<HandGroup> groups, const QString &name,
                           const QStringList &operators)
{
    const QSet<QString> moved(operators.begin(), operators.end());
    for (HandGroup &group : groups)
        group.operators.removeIf([&](const QString &each) { return moved.contains(each); });
    groups.removeIf([](const HandGroup &group) { return group.operators.size() < kFewest; });
    groups.append({freeName(groups, name), operators});
    return groups;
}

QVector<HandGroup> ungrouped(QVector<HandGroup> groups, const QStringList &operators)
{
    const QSet<QString> freed(operators.begin(), operators.end());
    groups.removeIf([&](const HandGroup &group) {
        return std::any_of(group.operators.begin(), group.operators.end(),
                           [&](const QString &each) { return freed.contains(each); });
    });
    return groups;
}

QJsonArray toJson(const QVector<HandGroup> &groups)
{
    QJsonArray array;
    for (const HandGroup &group : groups)
        array.append(QJsonObject{
            {QStringLiteral("name"), group.name},
            {QStringLiteral("operators"), QJsonArray::fromStringList(group.operators)}});
    return array;
}

QVector<HandGroup> handGroupsFromJson(const QJsonArray &array)
{
    QVector<HandGroup> groups;
    for (const QJsonValue &value : array) {
        const QJsonObject o = value.toObject();
        const QString name = access::text(o, "name");
        const QStringList operators = access::strings(access::array(o, "operators"));
        if (!name.isEmpty() && operators.size() >= kFewest)
            groups = grouped(std::move(groups), name, operators);
    }
    return groups;
}

} // namespace kasuri::app
