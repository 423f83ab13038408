#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>
#include <QVector>
#include <optional>

namespace kasuri::app::access {

/// Short ways to read an object of the engine; missing keys read as zero or empty.
inline QString text(const QJsonObject &o, const char *key)
{
    return o.value(QLatin1String(key)).toString();
}
inline qint64 integer(const QJsonObject &o, const char *key)
{
    return qint64(o.value(QLatin1String(key)).toDouble());
}
inline double real(const QJsonObject &o, const char *key)
{
    return o.value(QLatin1String(key)).toDouble();
}
inline QJsonObject object(const QJsonObject &o, const char *key)
{
    return o.value(QLatin1String(key)).toObject();
}
inline QJsonArray array(const QJsonObject &o, const char *key)
{
    return o.value(QLatin1String(key)).toArray();
}
inline std::optional<double> maybe(const QJsonObject &o, const char *key)
{
    const QJsonValue value = o.value(QLatin1String(key));
    return value.isDouble() ? std::optional(value.toDouble()) : std::nullopt;
}
inline std::optional<qint64> maybeBytes(const QJsonObject &o, const char *key)
{
    const std::optional<double> bytes = maybe(o, key);
    return bytes ? std::optional(qint64(*bytes)) : std::nullopt;
}
inline QStringList strings(const QJsonArray &items)
{
    QStringList list;
    for (const QJsonValue &item : items)
        if (item.isString())
            list << item.toString();
    return list;
}
inline QVector<int> numbers(const QJsonArray &items)
{
    QVector<int> list;
    for (const QJsonValue &item : items)
        list << item.toInt();
    return list;
}
inline QVector<double> reals(const QJsonArray &items)
{
    QVector<double> list;
    for (const QJsonValue &item : items)
        list << item.toDouble();
    return list;
}

} // namespace kasuri::app::access
