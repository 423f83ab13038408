#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace kasuri::app {

/// A line above the canvas that asks for a name. Enter gives it, Esc takes the question back;
/// nothing else of the window waits.
class NameStrip : public QWidget {
    Q_OBJECT
public:
    explicit NameStrip(QWidget *parent = nullptr);
    void ask(const QString &question, const QString &suggested);

signals:
    void given(const QString &name); ///< never empty
    void closed(); ///< with or without a name

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void finish(bool give);

    QLabel *question_;
    QLineEdit *name_;
};

} // namespace kasuri::app
