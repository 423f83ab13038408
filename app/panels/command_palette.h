#pragma once

#include <QFrame>
#include <QStringList>
#include <QVector>

class QLineEdit;
class QListWidget;

namespace kasuri::app {

/// A thing of the model one can jump to by name.
struct PaletteJump {
    QString name, kind; ///< "conv_1", "operator"
    QStringList operators; ///< what is selected then
};

/// Ctrl+K: one line that finds every action (with its keys), operator and tensor of the model, and
/// does or shows the chosen one. Lies over the window it belongs to.
class CommandPalette : public QFrame {
    Q_OBJECT
public:
    explicit CommandPalette(QWidget *window);

    /// Actions are those of the window.
    void open(const QVector<PaletteJump> &jumps);

signals:
    void jumped(const QStringList &operators);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void list(const QString &text);
    void run();

    QLineEdit *line_;
    QListWidget *found_;
    QVector<PaletteJump> jumps_;
};

} // namespace kasuri::app
