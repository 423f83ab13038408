#pragma once

#include <QWidget>

#include "app/graph/graph_geometry.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// A sheet beside a fused kernel with the operators it was made from. Esc or its × closes it.
class PeekSheet : public QWidget {
    Q_OBJECT
public:
    PeekSheet(const Theme &theme, QWidget *parent);

    /// `sources`: the operators, laid out; `times`: "1.27 → 0.57 ms" or nothing.
    void present(const QString &title, const QString &times, GeometryPointer sources);
    /// Puts the sheet beside `card` (pixels of the parent), on the side with more room.
    void standBeside(const QRectF &card);
    const GraphGeometry *graph() const { return graph_.get(); }

signals:
    void operatorChosen(const QString &name);

protected:
    void paintEvent(QPaintEvent *) override;
    void mousePressEvent(QMouseEvent *) override;

private:
    double fitted() const; ///< scale at which the sources fit

    const Theme &theme_;
    QString title_, times_;
    GeometryPointer graph_;
};

} // namespace kasuri::app
