#include "app/style/font_scale.h"

#include <QApplication>
#include <QFont>
#include <QSettings>
#include <algorithm>
#include <cmath>

namespace kasuri::app {
namespace {

double factor = 1;

void apply()
{
    static const double kBasePoints = QApplication::font().pointSizeF();
    QFont font = QApplication::font();
    font.setPointSizeF(kBasePoints * factor);
    QApplication::setFont(font);
}

} // namespace

double fontScale()
{
    return factor;
}

void setFontScale(double wanted)
{
    factor = std::clamp(wanted, 0.8, 2.0);
    apply();
    QSettings kept(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("kasuri"),
                   QStringLiteral("workbench"));
    kept.setValue(QStringLiteral("fontScale"), factor);
}

void restoreFontScale()
{
    const QSettings kept(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("kasuri"),
                         QStringLiteral("workbench"));
    factor = std::clamp(kept.value(QStringLiteral("fontScale"), 1.0).toDouble(), 0.8, 2.0);
    apply();
}

int scaledPx(int px)
{
    return int(std::lround(px * factor));
}

} // namespace kasuri::app
