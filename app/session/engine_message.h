#pragma once

#include <QJsonObject>
#include <utility>

namespace kasuri::app {

/// A request to the worker: {"type": type, ...fields} (profiling/README.md).
inline QJsonObject message(const char *type,
                           std::initializer_list<std::pair<const char *, QJsonValue>> fields = {})
{
    QJsonObject object{{QStringLiteral("type"), QString::fromLatin1(type)}};
    for (const auto &[key, value] : fields)
        object.insert(QString::fromLatin1(key), value);
    return object;
}

} // namespace kasuri::app
