#pragma once

#include <QVector>

#include "app/graph/graph_content.h"

namespace kasuri::app {

/// Of each item, the first one that stands at the same place of an alike block: itself where
/// nothing is repeated. Runs within runs count together.
QVector<int> alikeItems(const GraphContent &content);

} // namespace kasuri::app
