#include "app/graph/stub_pills.h"

#include <Qt>
#include <algorithm>
#include <cmath>

#include "app/graph/graph_geometry.h"

namespace kasuri::app {
namespace {

constexpr int kMostRows = 6;
constexpr double kPillWidth = 112, kPillHeight = 17, kRowGap = 3, kColumnGap = 6;
constexpr double kLane = 12,
                 kToReader = 20; ///< px from the reader to where the lines meet, to pills

int rowsOf(int count)
{
    return std::min(count, kMostRows);
}

QVector<int> stubsInto(const GraphGeometry &graph, int reader)
{
    QVector<int> stubs;
    for (int edge : graph.incoming[reader])
        if (graph.edges[edge].isStub)
            stubs.append(edge);
    return stubs;
}

} // namespace

QSizeF pillRoom(int count)
{
    if (count <= 0)
        return QSizeF(0, 0);
    const int rows = rowsOf(count), columns = (count + rows - 1) / rows;
    return QSizeF(columns * (kPillWidth + kColumnGap) - kColumnGap + kToReader,
                  rows * (kPillHeight + kRowGap) - kRowGap);
}

void placePills(GraphGeometry &graph)
{
    for (int item = 0; item < graph.items.size(); ++item) {
        const QVector<int> stubs = stubsInto(graph, item);
        if (stubs.isEmpty())
            continue;
        const QRectF &reader = graph.items[item].rect;
        const int rows = rowsOf(int(stubs.size()));
        const double right = reader.left() - kToReader;
        const double top = reader.center().y() - pillRoom(int(stubs.size())).height() / 2;
        for (int place = 0; place < stubs.size(); ++place)
            graph.edges[stubs[place]].pill
                = QRectF(right - kPillWidth - place / rows * (kPillWidth + kColumnGap),
                         top + place % rows * (kPillHeight + kRowGap), kPillWidth, kPillHeight);
    }
}

QRectF withPills(const GraphGeometry &graph, int item)
{
    QRectF box = graph.items[item].rect;
    for (int edge : graph.incoming[item])
        if (graph.edges[edge].isStub)
            box |= graph.edges[edge].pill;
    return box;
}

QVector<QPointF> stubLine(const QRectF &pill, const QRectF &reader)
{
    const double y = pill.center().y(), middle = reader.center().y();
    const double lane = reader.left() - kLane;
    if (pill.right() + kToReader + 1 < reader.left())
        return {{pill.right(), y}, {pill.right() + kColumnGap, y}};
    if (std::abs(y - middle) < 1)
        return {{pill.right(), y}, {reader.left(), y}};
    return {{pill.right(), y}, {lane, y}, {lane, middle}, {reader.left(), middle}};
}

int pillBeside(const GraphGeometry &graph, int reader, int pill, int key)
{
    const QVector<int> stubs = stubsInto(graph, reader);
    if (stubs.isEmpty() || (pill < 0 && key != Qt::Key_Left))
        return -1;
    const int rows = rowsOf(int(stubs.size()));
    if (pill < 0)
        return stubs[(rows - 1) / 2];
    const int place = int(stubs.indexOf(pill)), row = place % rows;
    switch (key) {
    case Qt::Key_Up:
        return row > 0 ? stubs[place - 1] : pill;
    case Qt::Key_Down:
        return row + 1 < rows && place + 1 < stubs.size() ? stubs[place + 1] : pill;
    case Qt::Key_Left:
        return place + rows < stubs.size() ? stubs[place + rows] : -1;
    default:
        return place >= rows ? stubs[place - rows] : -1;
    }
}

} // namespace kasuri::app
