#pragma once

#include <QWidget>

#include "app/session/workbench_data.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// Arena bytes alive over the steps of one or two plans, on one axis: peak lines, lower bound, a
/// cursor with its values. x is the share of the steps, so plans of different length lie over each
/// other.
class MemoryTimeline : public QWidget {
    Q_OBJECT
public:
    MemoryTimeline(const Theme &theme, QWidget *parent = nullptr);

    void setPlans(std::shared_ptr<const PlanInfo> before, std::shared_ptr<const PlanInfo> after);
    /// Marks the steps that perform these operators.
    void selectOperators(const QStringList &operators);
    void moveToPeak();
    int cursorStep() const { return step_; }
    QSize sizeHint() const override { return {700, 220}; }

signals:
    /// The cursor moved to a step of the plan shown in front (after, or before where alone).
    void stepChosen(int step);

protected:
    void paintEvent(QPaintEvent *) override;
    void mousePressEvent(QMouseEvent *) override;
    void mouseMoveEvent(QMouseEvent *) override;
    void keyPressEvent(QKeyEvent *) override;

private:
    const PlanInfo *front() const { return after_ ? after_.get() : before_.get(); }
    QRectF plot() const;
    double xOf(int step, const PlanInfo &plan) const;
    double yOf(double bytes) const;
    QPolygonF outline(const PlanInfo &plan) const;
    void paintSide(QPainter &p, const PlanInfo &plan, const QString &side, double width) const;
    void paintLabels(QPainter &p) const;
    void paintCursor(QPainter &p) const;
    void moveTo(int step);

    const Theme &theme_;
    std::shared_ptr<const PlanInfo> before_, after_;
    QVector<int> marked_;
    double top_ = 1;
    int step_ = -1;
};

} // namespace kasuri::app
