#include "app/panels/dock_rail.h"

#include <QAbstractButton>
#include <QDockWidget>
#include <QFontMetrics>
#include <QKeySequence>
#include <QMainWindow>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

namespace kasuri::app {
namespace {

constexpr int kWidth = 30, kPad = 12, kGap = 8;

/// A button whose words run downwards.
class RailButton : public QAbstractButton {
public:
    RailButton(QDockWidget *dock, QWidget *parent) : QAbstractButton(parent), dock_(dock)
    {
        setObjectName(QStringLiteral("rail:") + dock->objectName());
        setAccessibleName(dock->windowTitle());
        setFocusPolicy(Qt::TabFocus);
        connect(this, &QAbstractButton::clicked, dock, [dock] {
            dock->show();
            dock->raise();
        });
    }
    QSize sizeHint() const override
    {
        const QFontMetrics metrics(font());
        return {kWidth, metrics.horizontalAdvance(title() + key()) + kGap + 2 * kPad};
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter p(this);
        if (underMouse() || hasFocus())
            p.fillRect(rect(), palette().alternateBase());
        p.translate(width(), 0);
        p.rotate(90);
        const QRect line(0, 0, height(), width());
        p.setPen(palette().color(QPalette::Text));
        p.drawText(line.adjusted(kPad, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, title());
        p.setPen(palette().color(QPalette::PlaceholderText));
        p.drawText(line.adjusted(0, 0, -kPad, 0), Qt::AlignRight | Qt::AlignVCenter, key());
    }
    void enterEvent(QEnterEvent *) override { update(); }
    void leaveEvent(QEvent *) override { update(); }

private:
    QString title() const { return dock_->windowTitle(); }
    QString key() const
    {
        return dock_->property("key").value<QKeySequence>().toString(QKeySequence::NativeText);
    }

    QDockWidget *dock_;
};

} // namespace

DockRail::DockRail(QMainWindow *window, const QVector<QDockWidget *> &docks,
                   Qt::DockWidgetArea area, QWidget *parent)
    : QWidget(parent), window_(window), docks_(docks), area_(area)
{
    setFixedWidth(kWidth);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (QDockWidget *dock : docks) {
        buttons_.append(new RailButton(dock, this));
        column->addWidget(buttons_.last());
        connect(dock, &QDockWidget::visibilityChanged, &soon_, [this] { soon_.start(0); });
        connect(dock, &QDockWidget::dockLocationChanged, &soon_, [this] { soon_.start(0); });
    }
    column->addStretch();
    soon_.setSingleShot(true);
    connect(&soon_, &QTimer::timeout, this, &DockRail::refresh);
    hide();
}

/// A dock behind another tab is not hidden.
void DockRail::refresh()
{
    bool none = true;
    int mine = 0;
    for (int d = 0; d < docks_.size(); ++d) {
        const bool here = window_->dockWidgetArea(docks_[d]) == area_ && !docks_[d]->isFloating();
        buttons_[d]->setVisible(here);
        mine += here ? 1 : 0;
        none = none && (!here || docks_[d]->isHidden());
    }
    setVisible(none && mine > 0);
}

} // namespace kasuri::app
