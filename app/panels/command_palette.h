#pragma once

#include <QFrame>
#include <functional>

class QLineEdit;
class QListWidget;

namespace kasuri::app {

/// Ctrl+K: one line that finds every action (with its keys) and every operator of the model, and
/// does or shows the chosen one. Lies over the window it belongs to.
class CommandPalette : public QFrame {
    Q_OBJECT
public:
    explicit CommandPalette(QWidget *window);

    /// Actions are those of the window; `operators` are names to jump to.
    void open(const QStringList &operators);

signals:
    void operatorChosen(const QString &name);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void list(const QString &text);
    void run();

    QLineEdit *line_;
    QListWidget *found_;
    QStringList operators_;
};

} // namespace kasuri::app
