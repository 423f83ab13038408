#pragma once

#include <QString>

namespace kasuri::app {

/// A field as it stands in a CSV file: quoted where it has to be.
QString csvField(const QString &text);

} // namespace kasuri::app
