#pragma once

#include <QString>

namespace kasuri::app {

/// The bundled network as a file that the engine can open; empty: it could not be written, and
/// `problem` says why.
QString sampleFile(QString &problem);

} // namespace kasuri::app
