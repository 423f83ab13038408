#pragma once

#include <QFont>
#include <QPainter>

#include "app/graph/graph_item.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// How much of an item is drawn at a zoom.
enum class Detail { Groups, Blocks, Names, Full };
Detail detailAt(double scale);

/// Draws one operator line, kernel card or folded group; in scene coordinates.
class ItemPainter {
public:
    /// `text`: the user's factor on what has a constant size on the screen.
    ItemPainter(QPainter &painter, const Theme &theme, const QFont &font, Detail detail,
                double text = 1);

    void paint(const GraphItem &item);
    /// A text at constant size on the screen, cut to what fits into `box` (scene coordinates).
    void paintLabel(const QRectF &box, const QString &title, int repeats, const QString &value,
                    const QColor &ink);
    /// "×12" with its right or left edge at `x`; returns its width.
    double paintBadge(double left, double middle, int repeats);
    void paintChevron(const QPointF &middle, bool open);
    QColor heatColor(double share, bool diverges) const;

private:
    void paintBlock(const GraphItem &item);
    void paintLine(const GraphItem &item);
    void paintCard(const GraphItem &item);
    void paintGroup(const GraphItem &item);
    void paintHeatCell(const GraphItem &item);
    void paintThreads(const GraphItem &item);
    void border(const GraphItem &item);
    void text(double x, double baseline, const QString &text, double width);
    QColor color(const char *token) const { return theme_.color(QLatin1String(token)); }

    QPainter &p_;
    const Theme &theme_;
    Detail detail_;
    double factor_;
    QColor family_[8], line_, error_, raised_, text_, text2_;
    QFont small_, name_, title_, label_;
};

} // namespace kasuri::app
