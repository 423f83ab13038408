#include "app/panels/file_button.h"

#include <QFileDialog>
#include <QLineEdit>
#include <QPushButton>

namespace kasuri::app {
namespace {

constexpr int kWidth = 28;

} // namespace

QPushButton *fileButton(QLineEdit *line, const QString &title, const QString &patterns,
                        QWidget *parent)
{
    auto *button = new QPushButton(QStringLiteral("…"), parent);
    button->setAccessibleName(title);
    button->setMaximumWidth(kWidth);
    QObject::connect(button, &QPushButton::clicked, line, [line, title, patterns] {
        const QString file = QFileDialog::getOpenFileName(line->window(), title, {}, patterns);
        if (!file.isEmpty())
            line->setText(file);
    });
    return button;
}

} // namespace kasuri::app
