#include "app/panels/name_strip.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>

namespace kasuri::app {
namespace {

constexpr int kHeight = 30, kNameWidth = 260;

} // namespace

NameStrip::NameStrip(QWidget *parent)
    : QWidget(parent), question_(new QLabel(this)), name_(new QLineEdit(this))
{
    setFixedHeight(kHeight);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 2, 8, 2);
    row->addWidget(question_);
    row->addWidget(name_);
    row->addWidget(new QLabel(tr("Enter takes the name, Esc takes it back."), this));
    row->addStretch();
    name_->setObjectName(QStringLiteral("nameStrip"));
    name_->setAccessibleName(tr("Name"));
    name_->setMinimumWidth(kNameWidth);
    name_->installEventFilter(this);
    connect(name_, &QLineEdit::returnPressed, this, [this] { finish(true); });
    hide();
}

void NameStrip::ask(const QString &question, const QString &suggested)
{
    question_->setText(question);
    name_->setText(suggested);
    show();
    name_->setFocus(Qt::ShortcutFocusReason);
    name_->selectAll();
}

void NameStrip::finish(bool give)
{
    const QString name = name_->text().trimmed();
    hide();
    if (give && !name.isEmpty())
        emit given(name);
    emit closed();
}

/// Esc is the window's only where nothing is asked.
bool NameStrip::eventFilter(QObject *watched, QEvent *event)
{
    const bool key = event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress;
    if (!key || static_cast<QKeyEvent *>(event)->key() != Qt::Key_Escape)
        return QWidget::eventFilter(watched, event);
    event->accept();
    if (event->type() == QEvent::KeyPress)
        finish(false);
    return true;
}

} // namespace kasuri::app
