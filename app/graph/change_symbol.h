#pragma once

#include <QRectF>

#include "app/graph/graph_item.h"
#include "app/style/theme.h"

class QPainter;

namespace kasuri::app {

/// Draws the symbol of a change into a 14x14 square: threads joining (fused), − removed, + added,
/// ~ changed, = the same. None draws nothing.
void paintChange(QPainter &painter, const QRectF &square, const Theme &theme, Change change);

} // namespace kasuri::app
