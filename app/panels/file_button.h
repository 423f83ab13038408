#pragma once

class QLineEdit;
class QPushButton;
class QString;
class QWidget;

namespace kasuri::app {

/// "…": asks for a file that `patterns` name ("*.json;;*") and writes it into the line. `title` is
/// that of the dialogue and the button's accessible name.
QPushButton *fileButton(QLineEdit *line, const QString &title, const QString &patterns,
                        QWidget *parent);

} // namespace kasuri::app
