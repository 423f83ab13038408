#pragma once

#include <QTimer>
#include <QVector>
#include <QWidget>

class QDockWidget;
class QMainWindow;

namespace kasuri::app {

/// What a side of the window leaves of its docks when all of them are hidden: a narrow column with
/// their names and keys (property "key"), which brings them back.
class DockRail : public QWidget {
    Q_OBJECT
public:
    /// `docks`: those that may stand on a side; outlive this. Those on `area` are this rail's.
    DockRail(QMainWindow *window, const QVector<QDockWidget *> &docks, Qt::DockWidgetArea area,
             QWidget *parent);

private:
    void refresh();

    QMainWindow *window_;
    QVector<QDockWidget *> docks_;
    QVector<QWidget *> buttons_; ///< one per dock
    QTimer soon_; ///< never while the window goes away
    Qt::DockWidgetArea area_;
};

} // namespace kasuri::app
