#include "app/style/theme.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>

namespace kasuri::app {
namespace {

constexpr int kHeatSteps = 7;

double linearised(double channel)
{
    return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

/// Relative luminance (WCAG 2).
double luminance(const QColor &c)
{
    return 0.2126 * linearised(c.redF()) + 0.7152 * linearised(c.greenF())
        + 0.0722 * linearised(c.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

} // namespace

Theme Theme::load(Appearance appearance)
{
    Theme theme;
    theme.appearance_ = appearance;
    QFile file(appearance == Appearance::Light ? QStringLiteral(":/themes/light.json")
                                               : QStringLiteral(":/themes/dark.json"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the theme is missing from the resources");
    const QJsonObject object = QJsonDocument::fromJson(file.readAll()).object();
    for (auto it = object.begin(); it != object.end(); ++it)
        theme.colors_.insert(it.key(), QColor(it.value().toString()));
    return theme;
}

QColor Theme::color(const QString &token) const
{
    const auto it = colors_.constFind(token);
    if (it == colors_.constEnd())
        qFatal("no colour token '%s'", qUtf8Printable(token));
    return *it;
}

QColor Theme::heat(double share) const
{
    const double scaled = std::sqrt(std::clamp(share, 0.0, 1.0));
    const int step = std::min(kHeatSteps - 1, int(scaled * kHeatSteps));
    return color(QStringLiteral("heat%1").arg(step));
}

QColor Theme::textOn(const QColor &fill) const
{
    const QColor dark(0x10, 0x15, 0x1F), light(0xFF, 0xFF, 0xFF);
    return contrast(fill, dark) >= contrast(fill, light) ? dark : light;
}

QPalette Theme::palette() const
{
    QPalette p;
    const auto set = [&](QPalette::ColorRole role, const char *token) {
        p.setColor(role, color(QString::fromLatin1(token)));
    };
    set(QPalette::Window, "window");
    set(QPalette::WindowText, "text");
    set(QPalette::Base, "canvas");
    set(QPalette::AlternateBase, "row.alt");
    set(QPalette::Text, "text");
    set(QPalette::Button, "raised");
    set(QPalette::ButtonText, "text");
    set(QPalette::ToolTipBase, "raised");
    set(QPalette::ToolTipText, "text");
    set(QPalette::Highlight, "row.selected");
    set(QPalette::HighlightedText, "text");
    set(QPalette::Link, "accent");
    set(QPalette::PlaceholderText, "text.3");
    set(QPalette::Light, "raised");
    set(QPalette::Midlight, "line");
    set(QPalette::Mid, "line");
    set(QPalette::Shadow, "line.strong");
    set(QPalette::Dark, "line.strong");
    for (QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, color(QStringLiteral("text.3")));
    return p;
}

QString Theme::styleSheet() const
{
    const auto hex = [this](const char *token) { return color(QString::fromLatin1(token)).name(); };
    return QStringLiteral(
               "QMainWindow::separator { background: %1; width: 1px; height: 1px; }"
               "QDockWidget { titlebar-close-icon: none; titlebar-normal-icon: none; }"
               "QDockWidget::title { background: %2; padding: 6px 8px; }"
               "QTreeView, QTableView, QListView { border: none; background: %2; "
               "gridline-color: %1; }"
               "QTableView::item { padding: 0 6px; } QTreeView::item { min-height: 22px; }"
               "QHeaderView::section { background: %2; color: %3; border: none;"
               " border-bottom: 1px solid %1; padding: 3px 6px; font-weight: 400; }"
               "QTabBar { qproperty-drawBase: 0; }"
               "QTabBar::tab { padding: 5px 10px; color: %3; border: none; "
               "border-bottom: 2px solid transparent; }"
               "QTabBar::tab:selected { color: %4; border-bottom: 2px solid %5; }"
               "QTabWidget::pane { border: none; border-top: 1px solid %1; }"
               "QStatusBar { color: %3; } QStatusBar QLabel { padding-left: 6px; } "
               "QStatusBar::item { border: none; }"
               "QLineEdit, QPlainTextEdit { background: %13; border: 1px solid %7; border-radius: "
               "2px;"
               " padding: 2px 5px; }"
               "QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none;"
               " padding: 0; background: transparent; }"
               "QLineEdit:focus, QPlainTextEdit:focus { border: 1px solid %10; }"
               "QLabel[ink=\"secondary\"] { color: %3; }"
               "QLabel[ink=\"error\"] { color: %8; }"
               "QPushButton[look=\"link\"] { text-align: left; padding: 3px 0;"
               " border: 1px solid transparent; color: %9; }"
               "QPushButton[look=\"link\"]:focus { border: 1px dotted %10; }"
               "QPushButton[look=\"main\"] { background: %5; color: %11; border: none;"
               " border-radius: 2px; font-weight: 600; }"
               "QPushButton[look=\"main\"]:focus { border: 2px solid %10; }"
               "QPushButton[look=\"main\"]:disabled { background: %1; color: %12; }"
               "QMenuBar { background: %6; } QToolTip { border: 1px solid %7; }")
        .arg(hex("line"), hex("panel"), hex("text.2"), hex("text"), hex("accent.fill"),
             hex("window"), hex("line.strong"), hex("error"), hex("accent"))
        .arg(hex("focus"), textOn(color(QStringLiteral("accent.fill"))).name(), hex("text.3"),
             hex("raised"));
}

} // namespace kasuri::app
