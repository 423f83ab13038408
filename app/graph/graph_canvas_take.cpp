// Selecting several items of the graph.
#include <algorithm>

#include "app/graph/graph_canvas.h"

namespace kasuri::app {

void GraphCanvas::take(QSet<int> items)
{
    QVector<int> inOrder(items.begin(), items.end());
    std::sort(inOrder.begin(), inOrder.end());
    QStringList operators;
    for (int item : inOrder)
        operators += graph_->items[item].operators;
    operators.removeDuplicates();
    taken_ = operators;
    selectOperators(operators);
    emit operatorsSelected(operators);
}

void GraphCanvas::takeAt(const QPointF &pixel)
{
    const int item = itemAt(pixel);
    if (item < 0)
        return;
    QSet<int> items = marks_.linked;
    if (marks_.selected >= 0)
        items.insert(marks_.selected);
    if (!items.remove(item))
        items.insert(item);
    take(items);
}

void GraphCanvas::takeInside(const QRectF &band)
{
    const QRectF inside = view_.toScene(band);
    QSet<int> items;
    graph_->itemBands.forEach(inside, [&](int item) {
        if (inside.intersects(graph_->items[item].rect))
            items.insert(item);
    });
    take(items);
}

} // namespace kasuri::app
