#pragma once

#include <QFrame>

#include "app/style/theme.h"

class QComboBox;
class QSpinBox;

namespace kasuri::app {

/// Appearance, language and size of text, over the window; Escape closes it.
class SettingsSheet : public QFrame {
    Q_OBJECT
public:
    SettingsSheet(const Theme &theme, QWidget *window);

    void open();

signals:
    void appearanceChosen(Theme::Appearance appearance);

protected:
    bool event(QEvent *) override;
    void keyPressEvent(QKeyEvent *) override;

private:
    const Theme &theme_;
    QComboBox *appearance_, *language_;
    QSpinBox *text_;
};

} // namespace kasuri::app
