#pragma once

#include <QAccessible>
#include <QRectF>
#include <QSet>
#include <QStringList>
#include <QWidget>

#include "app/graph/graph_anchor.h"
#include "app/graph/graph_geometry.h"
#include "app/graph/graph_hull.h"
#include "app/graph/graph_marks.h"
#include "app/graph/view_port.h"
#include "app/style/font_scale.h"
#include "app/style/theme.h"

namespace kasuri::app {

class HoverCard;
class Minimap;
class PeekSheet;

/// The drawing of one graph: pan, zoom at the cursor, hover, selection (Ctrl: of several), keyboard
/// walk, path, peek.
/// Paints only what is visible, coarser the smaller it is.
class GraphCanvas : public QWidget {
    Q_OBJECT
public:
    GraphCanvas(const Theme &theme, QWidget *parent = nullptr);

    /// `keep`: the same picture with something folded or unfolded; the item of these operators
    /// stays where it is on the screen.
    void setGeometryData(GeometryPointer graph, const QStringList &keep = {});
    void
    setMessage(const QString &message); ///< shown where there is no graph: why, and the next key
    /// Marks what another view selected, and what that was made from.
    void selectOperators(const QStringList &operators, const GraphHull &hull = {});
    void setHits(const QSet<int> &hits, bool searching); ///< fades all others
    /// Everything in view; without `overview`, a graph too long to read that way shows its
    /// beginning.
    void fitAll(bool overview = false);
    void zoomTo(double scale); ///< 1: text at the size the user chose
    GraphAnchor anchor() const;
    void follow(const GraphAnchor &anchor, Follow how = Follow::Counterpart);
    void showChanges(bool shown);
    PeekSheet *peekSheet() const { return peek_; }
    const GraphGeometry *graph() const { return graph_.get(); }

signals:
    void operatorsSelected(const QStringList &operators);
    void viewMoved(double scale); ///< the user panned or zoomed
    void foldRequested(const QString &path, bool folded);
    void blocksRequested(const QString &path, const QPoint &globalPosition); ///< of a run
    void peekRequested(int item);
    void announced(QAccessible::Event what, int item); ///< to assistive programs; -1: the canvas

protected:
    void paintEvent(QPaintEvent *) override;
    void wheelEvent(QWheelEvent *) override;
    void mousePressEvent(QMouseEvent *) override;
    void mouseMoveEvent(QMouseEvent *) override;
    void mouseReleaseEvent(QMouseEvent *) override;
    void mouseDoubleClickEvent(QMouseEvent *) override;
    void keyPressEvent(QKeyEvent *) override;
    void resizeEvent(QResizeEvent *) override;
    void leaveEvent(QEvent *) override;
    void changeEvent(QEvent *) override;
    void focusInEvent(QFocusEvent *) override;
    bool event(QEvent *) override;

private:
    friend class GraphAccess;
    friend class GraphItemAccess;

    int itemAt(const QPointF &pixel) const;
    int itemOf(const QStringList &operators) const;
    QRectF boxOf(const QStringList &operators) const; ///< around all that stand for some of them
    int frameHeadAt(const QPointF &pixel) const;
    int stubAt(const QPointF &pixel) const;
    bool walkPills(int key); ///< whether the arrow key led to a pill
    bool jumpAlong(int stub); ///< to its producer; false: there is no such stub
    QString words() const; ///< shown and spoken at the foot
    bool clickFold(const QPointF &pixel);
    void take(QSet<int> items); ///< selects several
    void takeAt(const QPointF &pixel); ///< in or out of what is selected
    void takeInside(const QRectF &band); ///< px
    void select(int item, bool tell);
    void markHull();
    void announce(QAccessible::Event what); ///< of the selected item, to assistive programs
    bool reveal(int item) { return reveal(graph_->items[item].rect); }
    bool reveal(const QRectF &box); ///< whether the view had to move
    void walk(int key);
    void foldSelected();
    void peekSelected();
    void findPath();
    void zoomToSelection();
    double smallestScale() const;
    double zoom() const { return view_.scale() / textScale_; }
    void moved(); ///< the view changed: what follows it follows
    void updateMap();
    void paintOverlays(QPainter &painter);

    const Theme &theme_;
    GeometryPointer graph_;
    GraphMarks marks_;
    GraphHull hull_;
    ViewPort view_;
    double textScale_ = fontScale(); ///< as the view was scaled for
    HoverCard *card_;
    Minimap *map_;
    PeekSheet *peek_;
    QString message_, note_;
    QStringList taken_; ///< several operators selected here
    QRectF band_; ///< px, while a range is taken
    QStringList pathStart_; ///< operators where a path begins
    int peeked_ = -1;
    bool missing_ = false; ///< what another view selected has no counterpart here
    QPointF dragStart_, offsetStart_;
    bool dragging_ = false, taking_ = false;
    bool fitted_ = false;
};

} // namespace kasuri::app
