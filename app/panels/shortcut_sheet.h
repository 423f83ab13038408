#pragma once

#include <QTextBrowser>

namespace kasuri::app {

/// `?`: every action of the window with its keys, and the keys of canvas and timeline. Closed by
/// any key.
class ShortcutSheet : public QTextBrowser {
    Q_OBJECT
public:
    explicit ShortcutSheet(QWidget *window);
    void open();

protected:
    void keyPressEvent(QKeyEvent *) override;
    void focusOutEvent(QFocusEvent *) override;
};

} // namespace kasuri::app
