#include "app/graph/item_painter.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

namespace kasuri::app {
namespace {

constexpr double kStrip = 4, kCardRadius = 3, kHeatCell = 60;
constexpr double kNamesFrom = 0.4, kFullFrom = 0.75, kBlocksFrom = 0.15;
constexpr double kLabelHeight = 12, kLabelLeast = 70; ///< px on the screen
constexpr double kWidestLetter = 0.95; ///< of the size of a font
constexpr int kMostThreads = 24;

QFont sized(QFont font, double pixels, bool strong)
{
    font.setPixelSize(qRound(pixels));
    font.setWeight(strong ? QFont::DemiBold : QFont::Normal);
    return font;
}

} // namespace

Detail detailAt(double scale)
{
    return scale >= kFullFrom  ? Detail::Full
        : scale >= kNamesFrom  ? Detail::Names
        : scale >= kBlocksFrom ? Detail::Blocks
                               : Detail::Groups;
}

ItemPainter::ItemPainter(QPainter &painter, const Theme &theme, const QFont &font, Detail detail,
                         double text)
    : p_(painter), theme_(theme), detail_(detail), factor_(text), line_(color("line.strong")),
      error_(color("error")), raised_(color("raised")), text_(color("text")),
      text2_(color("text.2")), small_(sized(font, 11, false)), name_(sized(font, 11.5, false)),
      title_(sized(font, 13, true)), label_(sized(font, 12 * text, true))
{
    for (int f = 0; f < 8; ++f)
        family_[f] = theme.color(QStringLiteral("cat%1").arg(f + 1));
}

/// Cold to hot; where the heat diverges, neutral to the colour of the side that is bigger.
QColor ItemPainter::heatColor(double share, bool diverges) const
{
    if (!diverges)
        return theme_.heat(std::clamp(share, 0.0, 1.0));
    const QColor side = color(share < 0 ? "before.mark" : "after.mark");
    const double part = std::sqrt(std::min(1.0, std::abs(share)));
    const auto mix = [part](int a, int b) { return int(a + (b - a) * part); };
    return QColor(mix(raised_.red(), side.red()), mix(raised_.green(), side.green()),
                  mix(raised_.blue(), side.blue()));
}

void ItemPainter::paint(const GraphItem &item)
{
    if (detail_ <= Detail::Blocks)
        paintBlock(item);
    else if (item.isGroup)
        paintGroup(item);
    else if (item.isKernel)
        paintCard(item);
    else
        paintLine(item);
}

void ItemPainter::paintBlock(const GraphItem &item)
{
    const QRectF &r = item.rect;
    const QColor fill = item.heat ? heatColor(item.heatShare, item.heatDiverges) : raised_;
    p_.fillRect(r, item.unsupported.isEmpty() ? line_ : error_);
    const double edge = 1 / std::max(0.05, p_.worldTransform().m11());
    if (r.height() > 3 * edge)
        p_.fillRect(r.adjusted(edge, edge, -edge, -edge), fill);
    if (!item.isGroup)
        p_.fillRect(QRectF(r.left(), r.top(), std::max(kStrip, 2 * edge), r.height()),
                    family_[int(item.family)]);
    else if (r.height() / edge > 9)
        paintLabel(r, item.title, item.repeats, QString(), theme_.textOn(fill));
}

void ItemPainter::text(double x, double baseline, const QString &text, double width)
{
    // Measuring is dearer than drawing: what fits in any case is not measured.
    const bool fits = double(text.size()) * p_.font().pixelSize() * kWidestLetter < width;
    p_.drawText(QPointF(x, baseline),
                fits ? text : QFontMetricsF(p_.font()).elidedText(text, Qt::ElideMiddle, width));
}

void ItemPainter::border(const GraphItem &item)
{
    QPen pen(item.unsupported.isEmpty() ? line_ : error_, 1,
             item.isView ? Qt::DashLine : Qt::SolidLine);
    pen.setCosmetic(true);
    p_.setPen(pen);
}

void ItemPainter::paintLine(const GraphItem &item)
{
    const QRectF &r = item.rect;
    const bool hot = item.heat && detail_ < Detail::Full;
    const QColor fill = hot ? heatColor(item.heatShare, item.heatDiverges) : raised_;
    border(item);
    p_.setBrush(fill);
    p_.drawRect(r);
    p_.fillRect(QRectF(r.left(), r.top(), kStrip, r.height()), family_[int(item.family)]);
    p_.setFont(name_);
    double width = r.width() - 18;
    if (!item.heatText.isEmpty()) {
        const double wide = QFontMetricsF(name_).horizontalAdvance(item.heatText);
        p_.setPen(hot ? theme_.textOn(fill) : text2_);
        p_.drawText(QPointF(r.right() - 8 - wide, r.top() + 15), item.heatText);
        width -= wide + 6;
    }
    p_.setPen(hot ? theme_.textOn(fill) : text_);
    const QString mark = item.unsupported.isEmpty() ? QString() : QStringLiteral("× ");
    text(r.left() + 10, r.top() + 15, mark + item.title, width);
}

void ItemPainter::paintCard(const GraphItem &item)
{
    const QRectF &r = item.rect;
    const bool cell = item.heat.has_value();
    const bool full = detail_ == Detail::Full;
    const QColor fill = cell && !full ? heatColor(item.heatShare, item.heatDiverges) : raised_;
    border(item);
    p_.setBrush(fill);
    p_.drawRoundedRect(r, kCardRadius, kCardRadius);
    p_.fillRect(QRectF(r.left(), r.top() + 1, kStrip, r.height() - 2), family_[int(item.family)]);
    const double right = cell ? kHeatCell : 8;
    const double width = r.width() - 14 - right - 6;
    p_.setPen(cell && !full ? theme_.textOn(fill) : text_);
    p_.setFont(title_);
    text(r.left() + 14, r.top() + (full ? 18 : 25), item.title, width);
    if (!full) {
        if (cell)
            p_.drawText(r.adjusted(0, 0, -8, 0), Qt::AlignRight | Qt::AlignVCenter, item.heatText);
        return;
    }
    p_.setFont(small_);
    p_.setPen(text2_);
    const QString count = item.operators.size() > 1
        ? QStringLiteral("%1 → 1").arg(item.operators.size())
        : QString();
    const double countWidth
        = count.isEmpty() ? 0 : QFontMetricsF(small_).horizontalAdvance(count) + 8;
    text(r.left() + 14, r.top() + 32, item.detail, width - countWidth);
    if (!count.isEmpty())
        p_.drawText(r.topLeft() + QPointF(r.width() - right - countWidth, 32), count);
    if (cell)
        paintHeatCell(item);
    paintThreads(item);
}

void ItemPainter::paintGroup(const GraphItem &item)
{
    const QRectF &r = item.rect;
    const bool hot = item.heat && detail_ < Detail::Full;
    const QColor fill = hot ? heatColor(item.heatShare, item.heatDiverges) : raised_;
    border(item);
    p_.setBrush(fill);
    p_.drawRoundedRect(r, kCardRadius, kCardRadius);
    const QColor ink = hot ? theme_.textOn(fill) : text_;
    p_.setPen(QPen(ink, 1.5));
    paintChevron(r.topLeft() + QPointF(14, r.height() / 2), false);
    const double middle = r.center().y();
    double right = r.right() - 10;
    p_.setFont(small_);
    const QString value = item.heat ? item.heatText + QLatin1Char(' ') + item.heatUnit
                                    : QStringLiteral("(%1)").arg(item.members);
    right -= QFontMetricsF(small_).horizontalAdvance(value);
    p_.setPen(hot ? ink : text2_);
    p_.drawText(QPointF(right, middle + 4), value);
    p_.setFont(title_);
    p_.setPen(ink);
    const double badge = item.repeats > 0 ? 44 : 0;
    const double wide = std::min(QFontMetricsF(title_).horizontalAdvance(item.title) + 1,
                                 right - r.left() - 30 - badge);
    text(r.left() + 26, middle + 4.5, item.title, wide);
    if (item.repeats > 0)
        paintBadge(r.left() + 26 + wide + 8, middle, item.repeats);
}

void ItemPainter::paintChevron(const QPointF &middle, bool open)
{
    const QPointF shape[3] = {{-2, -4}, {2, 0}, {-2, 4}};
    QPolygonF line;
    for (const QPointF &point : shape)
        line << middle + (open ? QPointF(point.y(), point.x()) : point);
    p_.setBrush(Qt::NoBrush);
    p_.drawPolyline(line);
}

double ItemPainter::paintBadge(double left, double middle, int repeats)
{
    p_.setFont(small_);
    const QString words = QStringLiteral("×%1").arg(repeats);
    const double wide = QFontMetricsF(small_).horizontalAdvance(words) + 10;
    p_.setPen(Qt::NoPen);
    p_.setBrush(color("accent.fill"));
    p_.drawRoundedRect(QRectF(left, middle - 8, wide, 16), 2, 2);
    p_.setPen(Qt::white);
    p_.drawText(QPointF(left + 5, middle + 4), words);
    return wide;
}

void ItemPainter::paintHeatCell(const GraphItem &item)
{
    const QRectF box(item.rect.right() - kHeatCell, item.rect.top() + 1, kHeatCell - 1,
                     item.rect.height() - 2);
    const QColor fill = heatColor(item.heatShare, item.heatDiverges);
    p_.fillRect(box, fill);
    p_.setPen(theme_.textOn(fill));
    p_.setFont(title_);
    p_.drawText(box.adjusted(0, 3, 0, -16), Qt::AlignCenter, item.heatText);
    p_.setFont(small_);
    p_.drawText(box.adjusted(0, 19, 0, -2), Qt::AlignCenter, item.heatUnit);
}

void ItemPainter::paintThreads(const GraphItem &item)
{
    const int count = std::min<int>(kMostThreads, int(item.threads.size()));
    if (count < 2)
        return;
    for (int k = 0; k < count; ++k)
        p_.fillRect(QRectF(item.rect.left() + 14 + 6 * k, item.rect.top() - 2, 4, 5),
                    family_[int(item.threads[k])]);
    if (item.threads.size() > kMostThreads) {
        p_.setFont(small_);
        p_.setPen(text2_);
        p_.drawText(item.rect.topLeft() + QPointF(14 + 6 * count + 3, 3),
                    QStringLiteral("+%1").arg(item.threads.size() - kMostThreads));
    }
}

void ItemPainter::paintLabel(const QRectF &box, const QString &title, int repeats,
                             const QString &value, const QColor &ink)
{
    const QTransform scene = p_.worldTransform();
    QRectF shown = scene.mapRect(box).intersected(QRectF(p_.window()));
    if (shown.height() < kLabelHeight * factor_)
        return;
    p_.setWorldTransform({});
    p_.setFont(label_);
    const QString words = repeats > 0 ? title + QStringLiteral("  ×%1").arg(repeats) : title;
    const QFontMetricsF metrics(label_);
    const double needed = metrics.horizontalAdvance(words) + 12,
                 valueWidth = metrics.horizontalAdvance(value) + 10;
    const double baseline
        = std::min(shown.top() + 15 * factor_, shown.center().y() + 4.5 * factor_);
    p_.setPen(ink);
    if (shown.width() < std::min(needed, kLabelLeast * factor_)) {
        // Too narrow for a name: that stands beside it.
        p_.setPen(text_);
        p_.drawText(QPointF(shown.right() + 6, baseline),
                    value.isEmpty() ? words : words + QStringLiteral("  ") + value);
    } else {
        const bool both = shown.width() > needed + valueWidth;
        text(shown.left() + 6, baseline, words, shown.width() - 12 - (both ? valueWidth : 0));
        if (both)
            p_.drawText(QPointF(shown.right() - valueWidth + 4, baseline), value);
    }
    p_.setWorldTransform(scene);
}

} // namespace kasuri::app
