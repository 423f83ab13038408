#pragma once

#include <QProxyStyle>

#include "app/style/theme.h"

namespace kasuri::app {

/// Fusion with check boxes in the theme's colours: Fusion's own outline vanishes on dark panels.
class WindowStyle : public QProxyStyle {
    Q_OBJECT
public:
    explicit WindowStyle(const Theme &theme);

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;

private:
    const Theme theme_;
};

} // namespace kasuri::app
