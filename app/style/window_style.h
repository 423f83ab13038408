#pragma once

#include <QProxyStyle>

#include "app/style/theme.h"

namespace kasuri::app {

/// Fusion in the theme's colours and without its gradients: check boxes whose outline does not
/// vanish on dark panels, flat buttons and boxes of choices.
class WindowStyle : public QProxyStyle {
    Q_OBJECT
public:
    explicit WindowStyle(const Theme &theme);

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;

    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                            QPainter *painter, const QWidget *widget) const override;

private:
    void drawCheckBox(PrimitiveElement element, const QStyleOption *option,
                      QPainter *painter) const;
    void drawFocus(const QStyleOption *option, QPainter *painter) const;
    /// The surface of what can be pressed.
    void drawPressable(const QStyleOption *option, QPainter *painter) const;
    QColor color(const char *token) const { return theme_.color(QLatin1String(token)); }

    const Theme theme_;
};

} // namespace kasuri::app
