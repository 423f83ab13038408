#pragma once

#include <QPainterPath>
#include <QPointF>
#include <QSet>
#include <QString>
#include <QStringList>
#include <optional>

#include "app/graph/graph_geometry.h"

namespace kasuri::app {

/// What is to be enclosed together: the operators that one kernel of the other version performs.
struct GraphHull {
    QStringList operators;
    QString title; ///< "13 operators → Attention"
    QString note; ///< "1.27 ms"
};

/// Where a hull lies in a picture.
struct HullShape {
    QSet<int> items;
    QPainterPath outline; ///< empty: nothing to enclose
    std::optional<QPointF> caption; ///< where its words stand free of everything, top left
};

/// One outline around the items of `operators`, joined along the edges between them where nothing
/// foreign stands; several where they are apart. Empty for less than two items, and where a folded
/// group holds them.
HullShape hullOf(const GraphGeometry &graph, const QStringList &operators);

} // namespace kasuri::app
