#include "app/panels/settings_sheet.h"

#include <QComboBox>
#include <QFormLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QSettings>
#include <QSpinBox>

#include "app/style/font_scale.h"

namespace kasuri::app {
namespace {

QSettings *kept(QObject *owner)
{
    return new QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("kasuri"),
                         QStringLiteral("workbench"), owner);
}

} // namespace

SettingsSheet::SettingsSheet(const Theme &theme, QWidget *window)
    : QFrame(window), theme_(theme), appearance_(new QComboBox(this)),
      language_(new QComboBox(this)), text_(new QSpinBox(this))
{
    setObjectName(QStringLiteral("settingsSheet"));
    setAccessibleName(tr("Settings"));
    setFrameStyle(QFrame::Box | QFrame::Plain);
    setAutoFillBackground(true);
    QSettings *settings = kept(this);
    appearance_->addItem(tr("Light"), QStringLiteral("light"));
    appearance_->addItem(tr("Dark"), QStringLiteral("dark"));
    language_->addItem(tr("As the system"), QString());
    language_->addItem(QStringLiteral("English"), QStringLiteral("en"));
    language_->addItem(QStringLiteral("日本語"), QStringLiteral("ja"));
    text_->setRange(80, 200);
    text_->setSingleStep(10);
    text_->setSuffix(QStringLiteral(" %"));
    auto *form = new QFormLayout(this);
    form->setContentsMargins(16, 12, 16, 12);
    form->addRow(tr("Appearance"), appearance_);
    form->addRow(tr("Language"), language_);
    form->addRow(tr("Size of text"), text_);
    form->addRow(new QLabel(tr("Another language is used from the next start on."), this));
    for (const auto &[box, key] : {std::pair(appearance_, "appearance"), {language_, "language"}}) {
        const QString name = QString::fromLatin1(key);
        const int now = box->findData(settings->value(name, box->itemData(0)));
        box->setCurrentIndex(std::max(0, now));
        connect(box, &QComboBox::activated, this,
                [settings, name, box = box] { settings->setValue(name, box->currentData()); });
    }
    connect(appearance_, &QComboBox::activated, this,
            [this](int index) { emit appearanceChosen(Theme::Appearance(index)); });
    connect(text_, &QSpinBox::valueChanged, this,
            [](int percent) { setFontScale(percent / 100.0); });
    hide();
}

void SettingsSheet::open()
{
    appearance_->setCurrentIndex(int(theme_.appearance()));
    text_->setValue(qRound(fontScale() * 100));
    adjustSize();
    const QWidget *window = parentWidget();
    move((window->width() - width()) / 2, 110);
    show();
    raise();
    appearance_->setFocus();
}

/// Escape is ours here, not the window's.
bool SettingsSheet::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride
        && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape)
        event->accept();
    return QFrame::event(event);
}

void SettingsSheet::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        return hide();
    QFrame::keyPressEvent(event);
}

} // namespace kasuri::app
