#include "app/panels/picture_menu.h"

#include <QAction>
#include <QBuffer>
#include <QClipboard>
#include <QCoreApplication>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMimeData>
#include <QPixmap>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QToolTip>
#include <QWidget>

namespace kasuri::app {
namespace {

constexpr double kScale = 2; ///< of a PNG: sharp in a slide

struct PictureMenu {
    Q_DECLARE_TR_FUNCTIONS(PictureMenu)
};

QByteArray svgOf(QWidget &chart)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setSize(chart.size());
    svg.setViewBox(chart.rect());
    svg.setTitle(chart.accessibleName());
    chart.render(&svg, {}, {}, QWidget::DrawChildren);
    return bytes;
}

QImage imageOf(QWidget &chart)
{
    QImage image(chart.size() * kScale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(kScale);
    image.fill(Qt::transparent);
    chart.render(&image);
    return image;
}

QByteArray pngOf(QWidget &chart)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    imageOf(chart).save(&buffer, "PNG");
    return bytes;
}

void copyPicture(QWidget &chart)
{
    auto *mime = new QMimeData;
    mime->setImageData(imageOf(chart));
    mime->setData(QStringLiteral("image/svg+xml"), svgOf(chart));
    QGuiApplication::clipboard()->setMimeData(mime);
}

void savePicture(QWidget &chart)
{
    const QString path = QFileDialog::getSaveFileName(chart.window(), PictureMenu::tr("Save"), {},
                                                      QStringLiteral("SVG (*.svg);;PNG (*.png)"));
    if (path.isEmpty())
        return;
    const bool png = path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive);
    const QByteArray bytes = png ? pngOf(chart) : svgOf(chart);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        QToolTip::showText(chart.mapToGlobal(chart.rect().center()),
                           PictureMenu::tr("× Cannot write %1: %2").arg(path, file.errorString()),
                           &chart);
}

} // namespace

void addPictureMenu(QWidget *chart)
{
    auto *copy = new QAction(PictureMenu::tr("Copy the picture"), chart);
    copy->setObjectName(QStringLiteral("copyPicture"));
    QObject::connect(copy, &QAction::triggered, chart, [chart] { copyPicture(*chart); });
    auto *save = new QAction(PictureMenu::tr("Save the picture as SVG or PNG…"), chart);
    QObject::connect(save, &QAction::triggered, chart, [chart] { savePicture(*chart); });
    chart->addActions({copy, save});
    chart->setContextMenuPolicy(Qt::ActionsContextMenu);
}

} // namespace kasuri::app
