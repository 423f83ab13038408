#pragma once

#include <QRectF>
#include <QString>
#include <QVector>
#include <functional>
#include <memory>

#include "app/graph/band_index.h"
#include "app/graph/graph_content.h"
#include "app/graph/graph_item.h"
#include "app/graph/nested_layout.h"

namespace kasuri::app {

struct GraphEdge {
    int from = 0;
    int to = 0;
    qint64 bytes = 0;
    QString label; ///< "1×128×768 · 384 KiB"
    QVector<QPointF> route;
    bool isStub = false; ///< drawn as a pill at its reader
    QRectF pill; ///< of a stub, see stub_pills.h
};

/// The frame of an unfolded group.
struct GraphFrame {
    QString path;
    QString title;
    QString note; ///< "0–11 alike", "by hand"
    int repeats = 0; ///< alike blocks, of which this shows one; 0: not a run
    std::optional<double> heat; ///< sum of what is inside, all blocks of a run
    double heatShare = 0; ///< of the whole graph
    QString heatText;
    int parent = -1;
    QRectF rect; ///< with its header
};

/// A laid-out picture of a graph; immutable once made (it crosses threads).
struct GraphGeometry {
    QVector<GraphItem> items;
    QVector<GraphEdge> edges;
    QVector<GraphFrame> frames; ///< outer ones first
    QVector<QVector<int>> incoming, outgoing; ///< edge numbers per item
    QVector<int> frameOf; ///< innermost frame of each item; -1: none
    QVector<int> shownAs; ///< of each item of the content, the item here; -1: not shown
    BandIndex itemBands, edgeBands;
    QRectF bounds;
};
using GeometryPointer = std::shared_ptr<const GraphGeometry>;

/// What an edge takes up: its route, or the pill of a stub beside its reader.
QRectF reachOf(const GraphGeometry &graph, const GraphEdge &edge);

/// Puts the facts of `content` (with its heat and changes) onto a layout of the same content.
GeometryPointer composeGeometry(const GraphContent &content, const GraphLayout &layout);

} // namespace kasuri::app
