#pragma once

#include <QColor>
#include <QRectF>
#include <QSet>
#include <QVector>
#include <algorithm>

#include "app/charts/axis_window.h"
#include "app/charts/memory_scene.h"
#include "app/style/theme.h"

class QPainter;

namespace kasuri::app {

/// How memory over time is drawn.
enum class MemoryMode { Stacked, Lifetimes, Arena, Difference };

/// What tells the bars of tensors apart by colour.
enum class MemoryColors { Classes, Tensors };
/// From top to bottom.
enum class LifetimeOrder { Birth, Size, Length };

/// What the user chose of a memory plot besides its mode.
struct MemoryOptions {
    MemoryAxis axis = MemoryAxis::Source;
    MemoryColors colors = MemoryColors::Classes;
    LifetimeOrder order = LifetimeOrder::Birth;
    bool operator==(const MemoryOptions &) const = default;
};

/// The area of a memory plot and what its axes mean.
struct MemoryFrame {
    QRectF plot;
    double top = 1; ///< bytes at the upper end of y
    AxisWindow window{}; ///< of x
    MemoryOptions options{};

    double x(double share) const { return plot.left() + plot.width() * window.place(share); }
    /// The whole height while a step runs.
    QRectF column(const PlanSpans &spans, int step) const
    {
        const double left = x(spans.start(step));
        return {left, plot.top(), std::max(2.0, x(spans.ends[step]) - left), plot.height()};
    }
    bool shows(double first, double last) const
    {
        return last >= window.from && first <= window.to;
    }
    double y(double bytes) const { return plot.bottom() - plot.height() * bytes / top; }
};

/// The lines of both versions in few px, without axes: where the plot below looks.
void paintOverview(QPainter &p, const QRectF &strip, const Theme &theme, const MemoryScene &scene,
                   const AxisWindow &window);

/// The dashed line at the planned peak of a version.
void paintPeak(QPainter &p, const MemoryFrame &frame, const QColor &color, const PlanInfo &plan);

/// Both versions as lines; what the version after saves is hatched thinly, what it needs more
/// thickly.
void paintDifference(QPainter &p, const MemoryFrame &frame, const Theme &theme,
                     const MemoryScene &scene);
/// The classes of the version in front, or its seven largest tensors and the rest.
void paintStacked(QPainter &p, const MemoryFrame &frame, const Theme &theme,
                  const MemoryScene &scene);
/// A bar per arena tensor of the version in front.
void paintLifetimes(QPainter &p, const MemoryFrame &frame, const Theme &theme,
                    const MemoryScene &scene);
/// Time by address: who lies where in the arena, workspaces too, with names where they have room;
/// space used again is tinted, holes stay hatched.
void paintArena(QPainter &p, const MemoryFrame &frame, const Theme &theme,
                const MemoryScene &scene);

/// The bars of the lifetimes from top to bottom: tensors that live in the part shown.
QVector<const BufferInfo *> lifetimeRows(const MemoryFrame &frame, const MemoryScene &scene);
/// Where a tensor of the version in front is drawn; null where the mode draws none by itself.
QRectF boxOf(MemoryMode mode, const BufferInfo &tensor, const MemoryFrame &frame,
             const MemoryScene &scene);
/// The tensor drawn at a point; null: none.
const BufferInfo *tensorAt(MemoryMode mode, const QPointF &point, const MemoryFrame &frame,
                           const MemoryScene &scene);
/// The tensors that lie where another one has lain before.
QSet<const BufferInfo *> inReusedSpace(const PlanInfo &plan);
/// The colour of such a tensor instead of its own.
QColor reusedTint(const Theme &theme, const QColor &color);

/// What the colours of a plot mean, in order.
struct ColorKey {
    QColor color;
    QString name;
};
QVector<ColorKey> colorKeys(const MemoryFrame &frame, const Theme &theme, const PlanInfo &plan);

/// The tensors of the largest bytes, largest first, at most `most`.
constexpr int kNamedTensors = 7; ///< that have a colour of their own
QVector<const BufferInfo *> largestTensors(const PlanInfo &plan, int most = kNamedTensors);
/// Arena tensors by birth, then size.
QVector<const BufferInfo *> tensorsByBirth(const PlanInfo &plan);

} // namespace kasuri::app
