#pragma once

#include <QPixmap>
#include <QWidget>

#include "app/graph/graph_geometry.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// The whole graph in a corner of its canvas, with a frame around what the canvas shows.
class Minimap : public QWidget {
    Q_OBJECT
public:
    Minimap(const Theme &theme, QWidget *parent);

    void setGraph(GeometryPointer graph);
    void setVisibleArea(const QRectF &area); ///< scene coordinates

signals:
    void wanted(const QPointF &middle); ///< the user points there; scene coordinates

protected:
    void paintEvent(QPaintEvent *) override;
    void changeEvent(QEvent *) override;
    void mousePressEvent(QMouseEvent *) override;
    void mouseMoveEvent(QMouseEvent *) override;

private:
    void draw();
    QRectF toMap(const QRectF &area) const;
    void pointAt(const QPointF &pixel);

    const Theme &theme_;
    GeometryPointer graph_;
    QRectF area_;
    QPixmap picture_;
};

} // namespace kasuri::app
