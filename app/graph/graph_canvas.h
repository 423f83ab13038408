#pragma once

#include <QWidget>

#include "app/graph/graph_painter.h"

namespace kasuri::app {

/// Where a canvas looks, in terms another version of the graph understands.
struct GraphAnchor {
    QStringList operators; ///< of the item nearest to the middle of the view
    double y = 0; ///< where its middle stands, px from the top
    double scale = 1;
};

/// The drawing of one graph: pan, zoom at the cursor, hover, selection, search, keyboard walk.
/// Paints only what is visible; below a zoom of 0.15 from a cached pixmap.
class GraphCanvas : public QWidget {
    Q_OBJECT
public:
    GraphCanvas(const Theme &theme, QWidget *parent = nullptr);

    void setGeometryData(GeometryPointer graph);
    void
    setMessage(const QString &message); ///< shown where there is no graph: why, and the next key
    void selectOperators(const QStringList &operators); ///< marks what another view selected
    int search(const QString &text); ///< number of hits; empty text clears
    void nextHit(int direction);
    /// Everything in view; without `overview`, a graph too long to read that way shows its
    /// beginning.
    void fitAll(bool overview = false);
    void zoomTo(double scale);
    GraphAnchor anchor() const;
    void follow(const GraphAnchor &anchor); ///< looks at the counterpart of what the other shows
    void showChanges(bool shown);
    const GraphGeometry *graph() const { return graph_.get(); }

signals:
    void operatorsSelected(const QStringList &operators);
    void viewMoved(double scale); ///< the user panned or zoomed

protected:
    void paintEvent(QPaintEvent *) override;
    void wheelEvent(QWheelEvent *) override;
    void mousePressEvent(QMouseEvent *) override;
    void mouseMoveEvent(QMouseEvent *) override;
    void mouseReleaseEvent(QMouseEvent *) override;
    void keyPressEvent(QKeyEvent *) override;
    void resizeEvent(QResizeEvent *) override;
    bool event(QEvent *) override;

private:
    int itemAt(const QPointF &pixel) const;
    QPointF toScene(const QPointF &pixel) const { return (pixel - offset_) / scale_; }
    void select(int item, bool tell);
    bool reveal(int item); ///< whether the view had to move
    void walk(int key);
    void zoomAt(const QPointF &pixel, double factor);

    const Theme &theme_;
    GeometryPointer graph_;
    GraphMarks marks_;
    QVector<int> hitOrder_;
    QString message_;
    bool missing_ = false; ///< what another view selected has no counterpart here
    double scale_ = 1;
    QPointF offset_;
    QPointF dragStart_, offsetStart_;
    bool dragging_ = false;
    bool fitted_ = false;
};

} // namespace kasuri::app
