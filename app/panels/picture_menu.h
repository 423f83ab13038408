#pragma once

class QWidget;

namespace kasuri::app {

/// Gives a chart a context menu that copies its picture and writes it as SVG or PNG.
void addPictureMenu(QWidget *chart);

} // namespace kasuri::app
