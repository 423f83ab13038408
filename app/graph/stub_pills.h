#pragma once

#include <QRectF>
#include <QSizeF>
#include <QVector>

namespace kasuri::app {

struct GraphGeometry;

/// Room that the pills of so many stubs take at the left of their reader: its width, and the least
/// height. Nothing for none.
QSizeF pillRoom(int count);

/// Gives each stub its pill: in columns at the left of the reader, from the nearest outwards.
void placePills(GraphGeometry &graph);

/// An item with the pills of its stubs.
QRectF withPills(const GraphGeometry &graph, int item);

/// From the pill to the next one of its row, or to the reader; the last point is where an arrow
/// ends if it ends at the reader.
QVector<QPointF> stubLine(const QRectF &pill, const QRectF &reader);

/// The pill an arrow key leads to from a pill (an edge of `graph`), or with -1 from the reader; -1
/// where it leads away from the pills.
int pillBeside(const GraphGeometry &graph, int reader, int pill, int key);

} // namespace kasuri::app
