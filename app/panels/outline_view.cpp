#include "app/panels/outline_view.h"

#include <QPainter>
#include <QSet>
#include <QtConcurrent>
#include <algorithm>
#include <cmath>

#include "app/graph/graph_content.h"
#include "app/style/font_scale.h"

namespace kasuri::app {
namespace {

constexpr int kLongestChain = 12;
constexpr double kMargin = 24, kBoxWidth = 256, kLeastWidth = 120, kBoxHeight = 30, kGap = 22,
                 kColumnGap = 44, kPad = 10, kRadius = 3, kBadgePad = 6, kBadgeHeight = 16,
                 kArrow = 6, kProgress = 2, kHead = 62;

/// Groups of one level, and what is to be opened first: the largest that is no run.
struct Level {
    QVector<int> groups;
    int largest = -1; ///< place in `groups`
};

Level levelOf(const ScopeTree &tree, QVector<int> groups)
{
    Level level{std::move(groups), -1};
    for (int at = 0; at < level.groups.size(); ++at) {
        const ScopeGroup &group = tree.groups[level.groups[at]];
        if (group.isRun || group.groups.isEmpty())
            continue;
        if (level.largest < 0 || group.members > tree.groups[level.groups[level.largest]].members)
            level.largest = at;
    }
    return level;
}

OutlineGroup told(const ScopeTree &tree, int number)
{
    const ScopeGroup &group = tree.groups[number];
    const int times = group.isRun ? int(group.groups.size()) : 1;
    return {group.title, times, group.members / std::max(1, times)};
}

/// Opens the largest groups as long as the chain stays short.
QVector<int> chainGroups(const ScopeTree &tree)
{
    QVector<int> top;
    for (int g = 0; g < tree.groups.size(); ++g)
        if (tree.groups[g].parent < 0)
            top.append(g);
    Level level = levelOf(tree, top);
    while (level.largest >= 0) {
        const QVector<int> &inside = tree.groups[level.groups[level.largest]].groups;
        if (level.groups.size() + inside.size() - 1 > kLongestChain)
            break;
        level = levelOf(tree,
                        level.groups.mid(0, level.largest) + inside
                            + level.groups.mid(level.largest + 1));
    }
    return level.groups;
}

/// Operators in none of the groups: "Gather … Add".
OutlineGroup loose(const QVector<GraphItem> &items, const QVector<int> &stretch)
{
    const QString &first = items[stretch.first()].type, &last = items[stretch.last()].type;
    return {first == last ? first : first + QStringLiteral(" … ") + last, 1, int(stretch.size())};
}

} // namespace

QVector<OutlineGroup> chainOf(const ModelInfo &model)
{
    const GraphContent content = contentOfOperators(model);
    const ScopeTree &tree = content.scopes;
    const QVector<int> groups = chainGroups(tree);
    QVector<OutlineGroup> chain;
    QVector<int> stretch;
    QSet<int> seen;
    const auto flush = [&] {
        if (!stretch.isEmpty())
            chain.append(loose(content.items, stretch));
        stretch.clear();
    };
    for (int i = 0; i < content.items.size(); ++i) {
        int group = tree.groupOf[i];
        while (group >= 0 && !groups.contains(group))
            group = tree.groups[group].parent;
        if (group < 0) {
            stretch.append(i);
        } else if (!seen.contains(group)) {
            flush();
            seen.insert(group);
            chain.append(told(tree, group));
        }
    }
    flush();
    return chain;
}

OutlineView::OutlineView(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    setObjectName(QStringLiteral("outlineView"));
    setAccessibleName(tr("Outline of the model"));
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void OutlineView::setModel(const std::shared_ptr<const ModelInfo> &model, const QString &title)
{
    title_ = title;
    if (model != model_) {
        model_ = model;
        chain_.clear();
        if (model)
            QtConcurrent::run([model] {
                return chainOf(*model);
            }).then(this, [this, model](const QVector<OutlineGroup> &chain) {
                if (model != model_)
                    return;
                chain_ = chain;
                setAccessibleDescription(plainText());
                update();
            });
    }
    setAccessibleDescription(plainText());
    update();
}

void OutlineView::setProgress(const QString &words, double share)
{
    words_ = words;
    share_ = share;
    setAccessibleDescription(plainText());
    update();
}

QString OutlineView::plainText() const
{
    QStringList lines{title_, words_};
    for (const OutlineGroup &group : chain_)
        lines << (group.times > 1 ? tr("%1 ×%2, %3 operators each")
                                        .arg(group.title)
                                        .arg(group.times)
                                        .arg(group.operators)
                                  : tr("%1, %2 operators").arg(group.title).arg(group.operators));
    return lines.join(QLatin1Char('\n'));
}

void OutlineView::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    p.fillRect(rect(), theme_.color(QStringLiteral("canvas")));
    p.fillRect(QRectF(0, 0, width() * std::clamp(share_, 0.0, 1.0), kProgress),
               theme_.color(QStringLiteral("accent.fill")));
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    p.setFont(strong);
    p.setPen(theme_.color(QStringLiteral("text")));
    const QRectF line(kMargin, 14, width() - 2 * kMargin, scaledPx(20));
    p.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
               QFontMetricsF(strong).elidedText(title_, Qt::ElideMiddle, line.width()));
    p.setFont(font());
    p.setPen(theme_.color(QStringLiteral("text.2")));
    p.drawText(line.translated(0, line.height()), Qt::AlignLeft | Qt::AlignVCenter, words_);
    paintChain(p, std::max(kHead, line.bottom() + line.height() + kPad));
}

/// Down, and on beside it where there is no more room.
void OutlineView::paintChain(QPainter &p, double top) const
{
    const double high = scaledPx(int(kBoxHeight));
    const int rows = std::max(1, int((height() - kMargin - top + kGap) / (high + kGap)));
    const double columns = std::ceil(double(chain_.size()) / rows),
                 room = width() - 2 * kMargin - (columns - 1) * kColumnGap;
    const double wide
        = std::clamp(room / std::max(1.0, columns), kLeastWidth, double(scaledPx(int(kBoxWidth))));
    const QColor edge = theme_.color(QStringLiteral("line.strong"));
    for (int k = 0; k < chain_.size(); ++k) {
        const QRectF box(kMargin + (k / rows) * (wide + kColumnGap),
                         top + (k % rows) * (high + kGap), wide, high);
        paintGroup(p, box, chain_[k]);
        if (k + 1 == chain_.size())
            break;
        p.setPen(QPen(edge, 1));
        const double x = box.center().x();
        QPointF tip(x, box.bottom() + kGap);
        QPolygonF arrow{tip, tip + QPointF(-kArrow / 2, -kArrow),
                        tip + QPointF(kArrow / 2, -kArrow)};
        if (k % rows + 1 == rows) {
            const double between = box.right() + kColumnGap / 2;
            tip = QPointF(box.right() + kColumnGap, top + high / 2);
            arrow = {tip, tip + QPointF(-kArrow, -kArrow / 2), tip + QPointF(-kArrow, kArrow / 2)};
            p.drawPolyline(QPolygonF{QPointF(box.right(), box.center().y()),
                                     QPointF(between, box.center().y()), QPointF(between, tip.y()),
                                     tip});
        } else {
            p.drawLine(QPointF(x, box.bottom()), tip);
        }
        p.setPen(Qt::NoPen);
        p.setBrush(edge);
        p.drawPolygon(arrow);
    }
}

void OutlineView::paintGroup(QPainter &p, const QRectF &box, const OutlineGroup &group) const
{
    p.setPen(QPen(theme_.color(QStringLiteral("line.strong")), 1));
    p.setBrush(theme_.color(QStringLiteral("raised")));
    p.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    const QFontMetricsF plain(font());
    const QString count = tr("%n operators", nullptr, group.operators);
    p.setFont(font());
    p.setPen(theme_.color(QStringLiteral("text.2")));
    const QRectF inside = box.adjusted(kPad, 0, -kPad, 0);
    p.drawText(inside, Qt::AlignRight | Qt::AlignVCenter, count);
    double room = inside.width() - plain.horizontalAdvance(count) - kPad;
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    const QFontMetricsF bold(strong);
    const QString badge = group.times > 1 ? QStringLiteral("×%1").arg(group.times) : QString();
    const double badgeWidth = badge.isEmpty() ? 0 : bold.horizontalAdvance(badge) + 2 * kBadgePad;
    room -= badge.isEmpty() ? 0 : badgeWidth + kPad;
    const QString name = bold.elidedText(group.title, Qt::ElideMiddle, room);
    p.setFont(strong);
    p.setPen(theme_.color(QStringLiteral("text")));
    p.drawText(inside, Qt::AlignLeft | Qt::AlignVCenter, name);
    if (badge.isEmpty())
        return;
    const QRectF around(inside.left() + bold.horizontalAdvance(name) + kPad,
                        box.center().y() - kBadgeHeight / 2, badgeWidth, kBadgeHeight);
    const QColor fill = theme_.color(QStringLiteral("accent.fill"));
    p.setPen(Qt::NoPen);
    p.setBrush(fill);
    p.drawRoundedRect(around, 2, 2);
    p.setPen(theme_.textOn(fill));
    p.drawText(around, Qt::AlignCenter, badge);
}

} // namespace kasuri::app
