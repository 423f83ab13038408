#include "app/panels/command_palette.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

namespace kasuri::app {
namespace {

constexpr int kWidth = 520, kHeight = 320, kMostJumps = 50;
constexpr int kJumpRole = Qt::UserRole + 1;

QString plain(QString text)
{
    return text.remove(QLatin1Char('&')).remove(QChar(0x2026));
}

} // namespace

CommandPalette::CommandPalette(QWidget *window)
    : QFrame(window), line_(new QLineEdit(this)), found_(new QListWidget(this))
{
    setFrameStyle(QFrame::Box | QFrame::Plain);
    setAutoFillBackground(true);
    setObjectName(QStringLiteral("commandPalette"));
    setAccessibleName(tr("Command palette"));
    line_->setPlaceholderText(tr("Action, operator or tensor"));
    found_->setFrameStyle(QFrame::NoFrame);
    found_->setAccessibleName(tr("Found"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(6, 6, 6, 6);
    column->addWidget(line_);
    column->addWidget(found_);
    line_->installEventFilter(this);
    connect(line_, &QLineEdit::textChanged, this, &CommandPalette::list);
    connect(line_, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(found_, &QListWidget::itemActivated, this, &CommandPalette::run);
    hide();
}

void CommandPalette::open(const QVector<PaletteJump> &jumps)
{
    jumps_ = jumps;
    const QWidget *window = parentWidget();
    setGeometry((window->width() - kWidth) / 2, 90, kWidth,
                std::min(kHeight, window->height() - 120));
    line_->clear();
    list({});
    show();
    raise();
    line_->setFocus();
}

void CommandPalette::list(const QString &text)
{
    found_->clear();
    for (QAction *action : parentWidget()->actions()) {
        const QString name = plain(action->text());
        if (!action->isEnabled() || !name.contains(text, Qt::CaseInsensitive))
            continue;
        auto *item = new QListWidgetItem(
            name + QLatin1String("   ") + action->shortcut().toString(QKeySequence::NativeText),
            found_);
        item->setData(Qt::UserRole, QVariant::fromValue(action));
    }
    int shown = 0;
    for (int j = 0; j < jumps_.size() && !text.isEmpty() && shown < kMostJumps; ++j)
        if (jumps_[j].name.contains(text, Qt::CaseInsensitive)) {
            auto *item = new QListWidgetItem(
                jumps_[j].name + QStringLiteral("   ") + jumps_[j].kind, found_);
            item->setData(kJumpRole, j);
            ++shown;
        }
    found_->setCurrentRow(0);
}

void CommandPalette::run()
{
    const QListWidgetItem *item = found_->currentItem();
    hide();
    parentWidget()->setFocus();
    if (!item)
        return;
    if (const QVariant jump = item->data(kJumpRole); jump.isValid())
        emit jumped(jumps_[jump.toInt()].operators);
    else if (auto *action = item->data(Qt::UserRole).value<QAction *>())
        action->trigger();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusOut && !found_->hasFocus())
        hide();
    if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride)
        return QFrame::eventFilter(watched, event);
    auto *key = static_cast<QKeyEvent *>(event);
    const bool ours
        = key->key() == Qt::Key_Escape || key->key() == Qt::Key_Down || key->key() == Qt::Key_Up;
    if (event->type() == QEvent::ShortcutOverride) {
        event->setAccepted(ours);
        return ours;
    }
    if (key->key() == Qt::Key_Escape)
        hide();
    else if (key->key() == Qt::Key_Down)
        found_->setCurrentRow(std::min(found_->currentRow() + 1, found_->count() - 1));
    else if (key->key() == Qt::Key_Up)
        found_->setCurrentRow(std::max(found_->currentRow() - 1, 0));
    return ours;
}

} // namespace kasuri::app
