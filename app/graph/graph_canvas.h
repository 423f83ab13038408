#pragma once

#include <QWidget>

#include "app/graph/graph_painter.h"

namespace kasuri::app {

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
    const GraphGeometry *graph() const { return graph_.get(); }

signals:
    void operatorsSelected(const QStringList &operators);
    void zoomChanged(double scale);

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
    void reveal(int item);
    void walk(int key);
    void zoomAt(const QPointF &pixel, double factor);

    const Theme &theme_;
    GeometryPointer graph_;
    GraphMarks marks_;
    QVector<int> hitOrder_;
    QString message_;
    double scale_ = 1;
    QPointF offset_;
    QPointF dragStart_, offsetStart_;
    bool dragging_ = false;
    bool fitted_ = false;
};

} // namespace kasuri::app
