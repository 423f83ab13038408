#include "app/graph/graph_export.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <algorithm>

#include "app/graph/graph_painter.h"

namespace kasuri::app {
namespace {

constexpr double kMostPixels = 16384, kFinest = 2;

void draw(QPaintDevice &device, const GraphGeometry &graph, const Theme &theme, const QFont &font,
          double scale)
{
    QPainter p(&device);
    p.fillRect(QRectF(QPointF(), graph.bounds.size() * scale),
               theme.color(QStringLiteral("canvas")));
    p.scale(scale, scale);
    p.translate(-graph.bounds.topLeft());
    GraphPainter(theme, font).paint(p, graph, GraphMarks{}, graph.bounds, std::max(scale, 1.0));
}

QByteArray svgOf(const GraphGeometry &graph, const Theme &theme, const QFont &font)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setSize(graph.bounds.size().toSize());
    svg.setViewBox(QRectF(QPointF(), graph.bounds.size()));
    svg.setTitle(QCoreApplication::applicationName());
    draw(svg, graph, theme, font, 1);
    return buffer.data();
}

QByteArray pngOf(const GraphGeometry &graph, const Theme &theme, const QFont &font)
{
    const double scale = std::min(
        {kFinest, kMostPixels / graph.bounds.width(), kMostPixels / graph.bounds.height()});
    QImage image((graph.bounds.size() * scale).toSize(), QImage::Format_RGB32);
    if (image.isNull())
        return {};
    draw(image, graph, theme, font, scale);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return buffer.data();
}

} // namespace

QString exportPicture(const GraphGeometry &graph, const Theme &theme, const QFont &font,
                      const QString &path)
{
    const bool vector = path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive);
    if (!vector && !path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive))
        return QCoreApplication::translate("GraphExport",
                                           "Cannot write '%1': end its name in .svg or .png.")
            .arg(path);
    const QByteArray bytes = vector ? svgOf(graph, theme, font) : pngOf(graph, theme, font);
    QSaveFile file(path);
    if (bytes.isEmpty() || !file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()
        || !file.commit())
        return QCoreApplication::translate("GraphExport", "Cannot write '%1': %2.")
            .arg(path,
                 bytes.isEmpty() ? QCoreApplication::translate("GraphExport", "out of memory")
                                 : file.errorString());
    return {};
}

} // namespace kasuri::app
