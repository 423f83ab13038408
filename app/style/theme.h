#pragma once

#include <QColor>
#include <QHash>
#include <QPalette>
#include <QString>

namespace kasuri::app {

/// The named colours of one appearance (resources/themes/*.json; see the design's token table).
class Theme {
public:
    enum class Appearance { Light, Dark };

    static Theme load(Appearance appearance);

    /// Token name as in the JSON: "text.2", "before.mark", "heat3". Unknown names are our bug.
    QColor color(const QString &token) const;
    QColor heat(double share) const; ///< share in [0,1] on the square-root scale
    QColor textOn(const QColor &fill) const; ///< near-black or white, by contrast
    QPalette palette() const;
    QString styleSheet() const;
    Appearance appearance() const { return appearance_; }

private:
    Appearance appearance_ = Appearance::Light;
    QHash<QString, QColor> colors_;
};

} // namespace kasuri::app
