#pragma once

#include <QWidget>

#include "app/charts/memory_axis.h"
#include "app/charts/memory_modes.h"

namespace kasuri::app {

/// Arena bytes over operators, steps or time, in one of four modes: peak lines, lower bound, a
/// cursor with the values of both versions; above it the whole with a brush. The wheel zooms at the
/// cursor, dragging pans what is zoomed, Ctrl and dragging takes a range of steps.
class MemoryTimeline : public QWidget {
    Q_OBJECT
public:
    MemoryTimeline(const Theme &theme, QWidget *parent = nullptr);

    /// `groups`: what names the places in source order; null: nothing does.
    void setPlans(std::shared_ptr<const PlanInfo> before, std::shared_ptr<const PlanInfo> after,
                  std::shared_ptr<const GroupPaths> groups = nullptr);
    void setOptions(const MemoryOptions &options);
    void setMode(MemoryMode mode);
    MemoryMode mode() const { return mode_; }
    /// Marks the steps that perform these operators.
    void selectOperators(const QStringList &operators);
    /// Veils the steps that perform none of these; empty: none is veiled.
    void setWithin(const QStringList &operators);
    AxisWindow window() const { return window_; }
    void setWindow(const AxisWindow &window);
    void selectTensor(const QString &name); ///< outlines it; empty: none
    void moveToPeak();
    const MemoryScene &scene() const { return scene_; }
    int cursorStep() const { return step_; }

signals:
    /// The cursor moved to a step of the plan shown in front (after, or before where alone).
    void stepChosen(int step);
    void tensorChosen(const QString &name); ///< a bar of its own was clicked
    void modeChanged(MemoryMode mode);
    void looked(); ///< the user zoomed or moved what is shown
    /// The operators performed by a range of steps the user took, and the range in words.
    void rangeTaken(const QStringList &operators, const QString &words);

protected:
    QSize sizeHint() const override { return {700, 220}; }
    void paintEvent(QPaintEvent *) override;
    void mousePressEvent(QMouseEvent *) override;
    void mouseMoveEvent(QMouseEvent *) override;
    void mouseReleaseEvent(QMouseEvent *) override;
    void wheelEvent(QWheelEvent *) override;
    void keyPressEvent(QKeyEvent *) override;

private:
    enum class Drag { None, Cursor, Pan, Range, Brush };

    MemoryFrame frame() const;
    void layOut(); ///< both plans on the axis chosen
    QString axisName() const;
    QVector<AxisMark> axisMarks() const;
    void paintAxis(QPainter &p) const;
    QRectF strip() const; ///< of the overview
    double shareAt(double pixel) const; ///< of the axis
    QVector<int> stepsOf(const QStringList &operators) const;
    void look(const AxisWindow &window);
    void takeRange();
    void paintMarks(QPainter &p) const;
    void paintTensor(QPainter &p) const;
    void paintRowNames(QPainter &p, const QVector<const BufferInfo *> &rows) const;
    void paintLegend(QPainter &p, double top) const;
    void paintMode(QPainter &p) const;
    void paintLabels(QPainter &p) const;
    void paintCursor(QPainter &p) const;
    void moveTo(int step);

    const Theme &theme_;
    MemoryScene scene_;
    MemoryMode mode_ = MemoryMode::Difference;
    MemoryOptions options_;
    std::shared_ptr<const GroupPaths> groups_;
    /// What was last found on the axis, and for what.
    struct FoundMarks {
        AxisWindow window;
        int most = 0;
        std::shared_ptr<const PlanInfo> plan;
        std::shared_ptr<const GroupPaths> groups;
        QVector<AxisMark> marks;
    };
    mutable FoundMarks found_;
    QVector<int> marked_, within_; ///< steps of the plan in front
    QString tensor_; ///< outlined
    QStringList withinOperators_; ///< empty: nothing is veiled
    AxisWindow window_, windowStart_;
    Drag drag_ = Drag::None;
    double pressed_ = 0, dragged_ = 0; ///< px
    double top_ = 1, x_ = 0;
    int step_ = -1;
};

} // namespace kasuri::app
