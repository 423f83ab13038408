#pragma once

#include <QWidget>

#include "app/charts/memory_modes.h"

namespace kasuri::app {

/// Arena bytes over the operators of the model, in one of four modes: peak lines, lower bound, a
/// cursor with the values of both versions.
class MemoryTimeline : public QWidget {
    Q_OBJECT
public:
    MemoryTimeline(const Theme &theme, QWidget *parent = nullptr);

    void setPlans(std::shared_ptr<const PlanInfo> before, std::shared_ptr<const PlanInfo> after);
    void setMode(MemoryMode mode);
    MemoryMode mode() const { return mode_; }
    /// Marks the steps that perform these operators.
    void selectOperators(const QStringList &operators);
    void moveToPeak();
    const MemoryScene &scene() const { return scene_; }
    int cursorStep() const { return step_; }
    double cursorX() const { return x_; } ///< 0..1
    QSize sizeHint() const override { return {700, 220}; }

signals:
    /// The cursor moved to a step of the plan shown in front (after, or before where alone).
    void stepChosen(int step);
    void modeChanged(MemoryMode mode);

protected:
    void paintEvent(QPaintEvent *) override;
    void mousePressEvent(QMouseEvent *) override;
    void mouseMoveEvent(QMouseEvent *) override;
    void keyPressEvent(QKeyEvent *) override;

private:
    MemoryFrame frame() const;
    void paintMode(QPainter &p) const;
    void paintLabels(QPainter &p) const;
    void paintCursor(QPainter &p) const;
    void moveTo(int step);

    const Theme &theme_;
    MemoryScene scene_;
    MemoryMode mode_ = MemoryMode::Difference;
    QVector<int> marked_;
    double top_ = 1, x_ = 0;
    int step_ = -1;
};

} // namespace kasuri::app
