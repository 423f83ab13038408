#include "app/graph/hover_card.h"

#include <QFontMetrics>
#include <QPainter>
#include <algorithm>

#include "app/session/units.h"
#include "app/style/font_scale.h"

namespace kasuri::app {
namespace {

constexpr int kRestMs = 400, kPad = 10, kGap = 14;

int rowHeight()
{
    return scaledPx(18);
}
int labelWidth()
{
    return scaledPx(92);
}
int widest()
{
    return scaledPx(420);
}

QString heatTextOf(const GraphItem &item)
{
    const QString value = item.heatText + QLatin1Char(' ') + item.heatUnit;
    return item.heatEstimated ? HoverCard::tr("≈ %1, estimated").arg(value) : value;
}

} // namespace

HoverCard::HoverCard(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    delay_.setSingleShot(true);
    delay_.setInterval(kRestMs);
    connect(&delay_, &QTimer::timeout, this, &HoverCard::present);
    hide();
}

void HoverCard::rest(const GraphItem &item, const QPointF &at)
{
    hide();
    at_ = at;
    title_ = item.title;
    rows_.clear();
    const auto add = [this](const QString &label, const QString &value) {
        if (!value.isEmpty())
            rows_.append({label, value});
    };
    if (item.isGroup)
        add(tr("Holds"), tr("%1 items").arg(item.members));
    else if (item.type != item.title)
        add(tr("Type"), item.type);
    if (item.name != item.title)
        add(tr("Name"), item.name);
    if (item.heat)
        add(item.heatDiverges ? tr("After − before") : tr("Heat"), heatTextOf(item));
    if (item.isView)
        add(tr("Copies"), tr("none: only a view"));
    if (item.overlayMs)
        add(tr("Overlay"), formatMs(*item.overlayMs) + QLatin1Char(' ') + tr("ms"));
    add(tr("Output"), item.output);
    if (item.bytes > 0)
        add(tr("Writes"), formatBytes(item.bytes));
    if (item.isKernel && !item.isGroup && item.operators.size() > 1)
        add(tr("Made from"), tr("%1 operators").arg(item.operators.size()));
    add(item.isKernel ? tr("Backend") : tr("Attributes"), item.attributes);
    add(tr("Scope"), item.isGroup ? QString() : item.scope);
    add(tr("Cannot run"), item.unsupported);
    delay_.start();
}

void HoverCard::leave()
{
    delay_.stop();
    hide();
}

QString HoverCard::plainText() const
{
    QStringList lines{title_};
    for (const auto &[label, value] : rows_)
        lines << label + QStringLiteral(": ") + value;
    return lines.join(QLatin1Char('\n'));
}

void HoverCard::present()
{
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    int wide = QFontMetrics(strong).horizontalAdvance(title_);
    for (const auto &[label, value] : rows_)
        wide = std::max(wide, labelWidth() + QFontMetrics(font()).horizontalAdvance(value));
    const QSize size(std::min(wide + 2 * kPad + 2, widest()),
                     int(rows_.size() + 1) * rowHeight() + 2 * kPad);
    QPointF corner = at_ + QPointF(kGap, kGap);
    const QRect room = parentWidget()->rect();
    if (corner.x() + size.width() > room.right())
        corner.setX(std::max(0.0, at_.x() - kGap - size.width()));
    if (corner.y() + size.height() > room.bottom())
        corner.setY(std::max(0.0, at_.y() - kGap - size.height()));
    setGeometry(QRect(corner.toPoint(), size));
    setAccessibleName(plainText());
    show();
    raise();
}

void HoverCard::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(theme_.color(QStringLiteral("line.strong")));
    p.setBrush(theme_.color(QStringLiteral("raised")));
    p.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    const auto line = [&](const QString &text, int x, int row, const char *token) {
        p.setPen(theme_.color(QLatin1String(token)));
        const QRect box(x, kPad + row * rowHeight(), width() - x - kPad, rowHeight());
        p.drawText(box, Qt::AlignVCenter,
                   p.fontMetrics().elidedText(text, Qt::ElideMiddle, box.width()));
    };
    p.setFont(strong);
    line(title_, kPad, 0, "text");
    p.setFont(font());
    for (int r = 0; r < rows_.size(); ++r) {
        line(rows_[r].first, kPad, r + 1, "text.2");
        line(rows_[r].second, kPad + labelWidth(), r + 1, "text");
    }
}

} // namespace kasuri::app
