#pragma once

#include <string>

#include "engine/base/cancel_token.h"
#include "engine/base/result.h"

namespace kasuri::profiling {

/// The browser that prints: $KASURI_BROWSER, or the first on PATH of Chromium and its family.
/// Errors (kUnavailable): there is none; one line says what to do.
Result<std::string> find_printing_browser();

/// Prints a report (a whole HTML document) to an A4 PDF, with the network off. Errors: no browser,
/// it fails or does not end within a minute, the file cannot be written, cancellation. An existing
/// file is replaced only by a finished one.
Status print_pdf(const std::string& html, const std::string& path, const TaskContext& context);

}  // namespace kasuri::profiling
