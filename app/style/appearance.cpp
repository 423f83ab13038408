#include "app/style/appearance.h"

#include <QApplication>

#include "app/style/window_style.h"

namespace kasuri::app {

void setAppearance(Theme &theme, Theme::Appearance appearance)
{
    theme = Theme::load(appearance);
    QApplication::setStyle(new WindowStyle(theme));
    QApplication::setPalette(theme.palette());
    qApp->setStyleSheet(theme.styleSheet());
}

} // namespace kasuri::app
