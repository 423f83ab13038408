#pragma once

namespace kasuri::app {

/// Charts are charts to assistive programs, not unnamed areas: their name and description say what
/// they show, and every chart has a table beside it. Again is harmless.
void installChartAccess();

} // namespace kasuri::app
