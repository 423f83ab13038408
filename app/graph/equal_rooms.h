#pragma once

#include <QVector>
#include <array>

#include "app/graph/graph_content.h"

namespace kasuri::app {

/// Px across for the items of both versions (before, after): an operator that one kernel performs
/// alone takes as much on either side, so that lines around what is unchanged run alike.
std::array<QVector<double>, 2> equalRooms(const GraphContent &before, const GraphContent &after);

} // namespace kasuri::app
