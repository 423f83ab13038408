#pragma once

#include <QFrame>

class QComboBox;
class QSpinBox;

namespace kasuri::app {

/// Appearance, language and size of text, over the window; Escape closes it.
class SettingsSheet : public QFrame {
    Q_OBJECT
public:
    explicit SettingsSheet(QWidget *window);

    void open();

protected:
    bool event(QEvent *) override;
    void keyPressEvent(QKeyEvent *) override;

private:
    QComboBox *appearance_, *language_;
    QSpinBox *text_;
};

} // namespace kasuri::app
