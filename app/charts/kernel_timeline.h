#pragma once

#include <QSet>
#include <QWidget>

#include "app/charts/axis_window.h"
#include "app/models/twin.h"
#include "app/session/workbench_data.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// Kernels of the profiled run on one axis of milliseconds: a lane per side and thread, coloured by
/// family. The wheel zooms at the cursor, dragging pans, Ctrl and dragging takes a range, arrows
/// step from kernel to kernel.
class KernelTimeline : public QWidget {
    Q_OBJECT
public:
    KernelTimeline(const Theme &theme, QWidget *parent = nullptr);

    void setPlans(std::shared_ptr<const PlanInfo> before, std::shared_ptr<const PlanInfo> after);
    void selectOperators(const QStringList &operators);
    /// Fades the kernels that perform none of these; empty: none fades.
    void setWithin(const QStringList &operators);
    AxisWindow window() const { return window_; }
    void setWindow(const AxisWindow &window);
    /// The table twin: side, thread, kernel, type, start and duration in ms.
    Twin twin() const;
    QSize sizeHint() const override { return {700, 180}; }

signals:
    void operatorsSelected(const QStringList &operators);
    void looked(); ///< the user zoomed or moved what is shown
    /// The operators of the kernels in a range the user took, and the range in words.
    void rangeTaken(const QStringList &operators, const QString &words);

protected:
    void paintEvent(QPaintEvent *) override;
    void wheelEvent(QWheelEvent *) override;
    void mousePressEvent(QMouseEvent *) override;
    void mouseMoveEvent(QMouseEvent *) override;
    void mouseReleaseEvent(QMouseEvent *) override;
    void keyPressEvent(QKeyEvent *) override;
    bool event(QEvent *) override;

private:
    struct Bar {
        int lane = 0;
        double start = 0, length = 0; // ms
        const StepInfo *step = nullptr;
        bool marked = false, faded = false;
    };
    struct Lane {
        QString name;
        bool before = false;
        double endMs = 0;
    };
    void addSide(const PlanInfo &plan, const QString &name, bool before);
    QRectF plot() const;
    double toX(double ms) const;
    double toMs(double pixel) const;
    void fade();
    void look(const AxisWindow &window);
    void takeRange();
    void paintBar(QPainter &p, int bar) const;
    void paintLaneHead(QPainter &p, int lane, const QRectF &box) const;
    QRectF rectOf(const Bar &bar) const;
    int barAt(const QPointF &pixel) const;
    void select(int bar);
    void paintLane(QPainter &p, int lane) const;
    void paintAxis(QPainter &p) const;

    const Theme &theme_;
    std::shared_ptr<const PlanInfo> before_, after_;
    QVector<Bar> bars_;
    QVector<Lane> lanes_;
    AxisWindow window_; ///< of `whole_`
    double whole_ = 1; // ms
    QSet<QString> within_;
    int current_ = -1;
    double pressed_ = 0, dragged_ = 0; // px
    AxisWindow windowStart_;
    bool dragging_ = false, taking_ = false;
};

} // namespace kasuri::app
