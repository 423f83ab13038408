#pragma once

#include <QWidget>

#include "app/models/twin.h"
#include "app/session/workbench_data.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// Kernels of the profiled run on one axis of milliseconds: a lane per side and thread, coloured by
/// family. The wheel zooms at the cursor, dragging pans, arrows step from kernel to kernel.
class KernelTimeline : public QWidget {
    Q_OBJECT
public:
    KernelTimeline(const Theme &theme, QWidget *parent = nullptr);

    void setPlans(std::shared_ptr<const PlanInfo> before, std::shared_ptr<const PlanInfo> after);
    void selectOperators(const QStringList &operators);
    /// The table twin: side, thread, kernel, type, start and duration in ms.
    Twin twin() const;
    QSize sizeHint() const override { return {700, 180}; }

signals:
    void operatorsSelected(const QStringList &operators);

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
        bool marked = false;
    };
    struct Lane {
        QString name;
        bool before = false;
        double endMs = 0;
    };
    void addSide(const PlanInfo &plan, const QString &name, bool before);
    QRectF plot() const;
    double toX(double ms) const;
    QRectF rectOf(const Bar &bar) const;
    int barAt(const QPointF &pixel) const;
    void select(int bar);
    void paintLane(QPainter &p, int lane) const;
    void paintAxis(QPainter &p) const;

    const Theme &theme_;
    std::shared_ptr<const PlanInfo> before_, after_;
    QVector<Bar> bars_;
    QVector<Lane> lanes_;
    double from_ = 0, to_ = 1; // ms shown
    double whole_ = 1;
    int current_ = -1;
    QPointF pressed_;
    double pressedFrom_ = 0;
    bool dragging_ = false;
};

} // namespace kasuri::app
