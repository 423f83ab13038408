// Pills of edges too long to draw: what mouse and keys do with them.
#include "app/graph/graph_canvas.h"
#include "app/graph/item_painter.h"
#include "app/graph/stub_pills.h"

namespace kasuri::app {

int GraphCanvas::stubAt(const QPointF &pixel) const
{
    int found = -1;
    if (!graph_ || detailAt(zoom()) < Detail::Names)
        return found;
    const QPointF at = view_.toScene(pixel);
    graph_->edgeBands.forEach(QRectF(at, QSizeF(0, 0)), [&](int edge) {
        if (graph_->edges[edge].isStub && graph_->edges[edge].pill.contains(at))
            found = edge;
    });
    return found;
}

bool GraphCanvas::walkPills(int key)
{
    const int was = marks_.focusedStub;
    // Where pills are too small to be drawn there are none to walk.
    marks_.focusedStub
        = detailAt(zoom()) < Detail::Names ? -1 : pillBeside(*graph_, marks_.selected, was, key);
    marks_.hoveredStub = -1;
    if (marks_.focusedStub >= 0 && reveal(graph_->edges[marks_.focusedStub].pill))
        moved();
    if (was >= 0 || marks_.focusedStub >= 0)
        announce(QAccessible::DescriptionChanged);
    update();
    return marks_.focusedStub >= 0 || (was >= 0 && key == Qt::Key_Right);
}

bool GraphCanvas::jumpAlong(int stub)
{
    if (!graph_ || stub < 0)
        return false;
    marks_.hoveredStub = -1;
    select(graph_->edges[stub].from, true);
    return true;
}

} // namespace kasuri::app
