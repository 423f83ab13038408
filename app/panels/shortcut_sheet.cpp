#include "app/panels/shortcut_sheet.h"

#include <QAction>
#include <QKeyEvent>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>

namespace kasuri::app {
namespace {

constexpr int kWidth = 720, kHeight = 560;

QString row(const QString &keys, const QString &words)
{
    return QStringLiteral("<tr><td style='padding:1px 24px 1px 0'><b>%1</b></td><td>%2</td></tr>")
        .arg(keys.toHtmlEscaped(), words.toHtmlEscaped());
}

QString menuRows(const QMenu &menu)
{
    QString rows;
    for (const QAction *action : menu.actions())
        if (!action->shortcut().isEmpty())
            rows += row(action->shortcut().toString(QKeySequence::NativeText),
                        QString(action->text()).remove(QLatin1Char('&')));
    return rows;
}

} // namespace

ShortcutSheet::ShortcutSheet(QWidget *window) : QTextBrowser(window)
{
    setObjectName(QStringLiteral("shortcutSheet"));
    setAccessibleName(tr("Keys"));
    setFrameStyle(QFrame::Box | QFrame::Plain);
    hide();
}

void ShortcutSheet::open()
{
    QString html = QStringLiteral("<h3>%1</h3>").arg(tr("Keys"));
    const auto *window = qobject_cast<QMainWindow *>(parentWidget());
    for (const QAction *top : window->menuBar()->actions())
        if (top->menu())
            html += QStringLiteral("<h4>%1</h4><table>%2</table>")
                        .arg(QString(top->text()).remove(QLatin1Char('&')), menuRows(*top->menu()));
    html += QStringLiteral("<h4>%1</h4><table>").arg(tr("Graph, when it has the focus"))
        + row(tr("Arrows"), tr("walk from operator to operator; left also to the pills before it"))
        + row(tr("Enter"), tr("fold or unfold; on a pill to the other end of its edge"))
        + row(tr("Shift+Enter"), tr("source operators of a kernel"))
        + row(QStringLiteral("Z"), tr("zoom to the selection"))
        + row(QStringLiteral("P"), tr("path: here, then there"))
        + row(QStringLiteral("B  A  S  D"), tr("before, after, split, difference"))
        + row(QStringLiteral("H"), tr("next meaning of the heat"))
        + row(tr("Space"), tr("everything in view")) + row(tr("Wheel"), tr("zoom at the cursor"))
        + QStringLiteral("</table><h4>%1</h4><table>").arg(tr("Memory, when it has the focus"))
        + row(QStringLiteral("←  →"), tr("step")) + row(tr("Home, End"), tr("first, last step"))
        + row(QStringLiteral("P"), tr("to the peak"))
        + row(QStringLiteral("1 … 4"), tr("stacked, lifetimes, arena map, difference"))
        + QStringLiteral("</table>");
    setHtml(html);
    const int wide = std::min(kWidth, window->width() - 40);
    const int high = std::min(kHeight, window->height() - 80);
    setGeometry((window->width() - wide) / 2, (window->height() - high) / 2, wide, high);
    show();
    raise();
    setFocus();
}

void ShortcutSheet::keyPressEvent(QKeyEvent *event)
{
    const int key = event->key();
    const bool scrolls = key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_PageUp
        || key == Qt::Key_PageDown;
    if (scrolls)
        return QTextBrowser::keyPressEvent(event);
    hide();
}

void ShortcutSheet::focusOutEvent(QFocusEvent *event)
{
    QTextBrowser::focusOutEvent(event);
    hide();
}

} // namespace kasuri::app
