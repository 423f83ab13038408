#pragma once

#include <QPair>
#include <QWidget>
#include <optional>

#include "app/session/workbench_data.h"
#include "app/style/theme.h"

class QComboBox;
class QPushButton;

namespace kasuri::app {

/// What the header says at a moment; it only draws this.
struct VerdictState {
    enum class Phase { Empty, Opening, Opened, Measuring, Measured, Stale, Failed };
    Phase phase = Phase::Empty;
    int threads = 1;
    QString message; ///< progress or failure in words
    double progress = 0; ///< 0..1 while measuring
    std::shared_ptr<const PlanInfo> before, after;
    std::optional<ComparisonInfo> comparison;
    QString measuredRecipe; ///< that the comparison is of
    std::optional<QPair<double, double>> estimate; ///< ms before and after, before any run
};

/// Run button and the cells latency | arena | process memory | outputs.
class VerdictHeader : public QWidget {
    Q_OBJECT
public:
    VerdictHeader(const Theme &theme, QWidget *parent = nullptr);

    void setState(VerdictState state);
    const VerdictState &state() const { return state_; }
    QString plainText() const; ///< the table twin: one line per cell
    QSize sizeHint() const override { return {1200, 88}; }

signals:
    void measureRequested();
    void cancelRequested();
    void threadsChosen(int threads);

protected:
    void paintEvent(QPaintEvent *) override;

private:
    struct Cell {
        QString label, before, after, unit, stamp, detail;
        enum class Stamp { None, Filled, Outline, Dashed, Error } kind = Stamp::None;
    };
    Cell latencyCell() const;
    Cell arenaCell() const;
    Cell processCell() const;
    Cell outputsCell() const;
    QVector<Cell> cells() const;
    bool hasVerdict() const;
    void paintAxis(QPainter &p, const QRectF &area) const;
    double waterfallWidth() const; ///< 0: nothing measured, or no room
    void paintCell(QPainter &p, const QRectF &area, const Cell &cell, double figure) const;
    void paintStamp(QPainter &p, const QRectF &area, const Cell &cell) const;

    const Theme &theme_;
    VerdictState state_;
    QPushButton *button_ = nullptr;
    QComboBox *target_ = nullptr; ///< the item at i: i + 1 threads
};

} // namespace kasuri::app
