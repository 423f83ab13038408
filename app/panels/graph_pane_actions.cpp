// Folding, selecting and peeking in the graph pane.
#include <QLabel>
#include <QMenu>
#include <QScopedValueRollback>
#include <algorithm>

#include "app/graph/graph_canvas.h"
#include "app/graph/peek_sheet.h"
#include "app/panels/graph_pane.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr int kMostPeeked = 400;

const ScopeGroup *groupAt(const GraphContent &content, const QString &path)
{
    for (const ScopeGroup &group : content.scopes.groups)
        if (group.path == path)
            return &group;
    return nullptr;
}

double heatOf(const GraphContent &content, const ScopeGroup &group)
{
    double sum = 0;
    for (int item : group.items)
        sum += content.items[item].heat.value_or(0);
    for (int inner : group.groups)
        sum += heatOf(content, content.scopes.groups[inner]);
    return sum;
}

QStringList operatorsIn(const GraphContent &content, const ScopeGroup &group)
{
    QStringList names;
    for (int item : group.items)
        names += content.items[item].operators;
    for (int inner : group.groups)
        names += operatorsIn(content, content.scopes.groups[inner]);
    return names;
}

/// The items that stand for some of the operators, as a graph of their own.
GraphContent partOf(const GraphContent &content, const QStringList &operators)
{
    const QSet<QString> wanted(operators.begin(), operators.end());
    GraphContent part;
    QVector<int> place(content.items.size(), -1);
    for (int i = 0; i < content.items.size() && part.items.size() < kMostPeeked; ++i)
        for (const QString &name : content.items[i].operators)
            if (place[i] < 0 && wanted.contains(name)) {
                place[i] = int(part.items.size());
                part.items.append(content.items[i]);
            }
    for (const GraphLink &link : content.links)
        if (place[link.from] >= 0 && place[link.to] >= 0)
            part.links.append({place[link.from], place[link.to], link.bytes, link.label});
    part.scopes.groupOf.fill(-1, part.items.size());
    return part;
}

/// The first item of the content that stands for one of the operators; -1: none.
int itemOf(const GraphContent &content, const QSet<QString> &operators)
{
    for (int i = 0; i < content.items.size(); ++i)
        for (const QString &name : content.items[i].operators)
            if (operators.contains(name))
                return i;
    return -1;
}

} // namespace

void GraphPane::changeFolds(Side side, const FoldState &folds, const QStringList &keep)
{
    request_.folds[size_t(side)] = folds;
    keep_ = keep;
    requestPictures();
}

/// Both versions fold together where they have the same group.
void GraphPane::fold(const QString &path, bool folded)
{
    keep_.clear();
    for (Side side : {Side::Before, Side::After}) {
        const Picture &picture = pictures().of(side);
        const ScopeGroup *group = picture.content ? groupAt(*picture.content, path) : nullptr;
        if (!group)
            continue;
        FoldState folds = picture.folds;
        folded ? void(folds.folded.insert(path)) : void(folds.folded.remove(path));
        request_.folds[size_t(side)] = folds;
        if (keep_.isEmpty())
            keep_ = operatorsIn(*picture.content, *group);
    }
    requestPictures();
}

void GraphPane::foldAll(bool folded)
{
    for (Side side : {Side::Before, Side::After})
        if (const Picture &picture = pictures().of(side); picture.content)
            request_.folds[size_t(side)]
                = folded ? defaultFolds(*picture.content) : nothingFolded(*picture.content);
    keep_ = front()->anchor().operators;
    requestPictures();
}

void GraphPane::showItem(Side side, int item)
{
    const Picture &picture = pictures().of(side);
    const QStringList operators = picture.content->items[item].operators;
    const int shown = picture.geometry->shownAs[item];
    if (shown >= 0 && !picture.geometry->items[shown].isGroup)
        return canvas(side)->selectOperators(operators);
    selectWhenReady_ = operators;
    changeFolds(side, withItemShown(*picture.content, picture.folds, item), {});
}

/// In a split, the operators of the kernel that performs the selected ones.
GraphHull GraphPane::hullFor(const QStringList &operators) const
{
    const Picture &after = pictures().of(Side::After), &before = pictures().of(Side::Before);
    const QSet<QString> wanted(operators.begin(), operators.end());
    const int number = view_ == GraphView::Split && after.geometry && !wanted.isEmpty()
        ? itemOf(*after.content, wanted)
        : -1;
    if (number < 0)
        return {};
    const GraphItem &kernel = after.content->items[number];
    const QSet<QString> sources(kernel.operators.begin(), kernel.operators.end());
    if (sources.size() < 2 || !sources.contains(wanted))
        return {};
    GraphHull hull{kernel.operators,
                   tr("%1 operators → %2").arg(kernel.operators.size()).arg(kernel.title),
                   {}};
    double sum = 0;
    for (const GraphItem &source : partOf(*before.content, kernel.operators).items)
        sum += source.heat.value_or(0);
    if (kernel.heat && request_.heat == HeatKind::Time && sum > 0)
        hull.note
            = QStringLiteral("%1 → %2 %3").arg(formatMs(sum), kernel.heatText, kernel.heatUnit);
    return hull;
}

void GraphPane::selectOperators(const QStringList &operators)
{
    selectBoth(operators);
    if (view_ == GraphView::Split)
        followEachOther(frontSide(), front()->anchor().scale);
    tellWhere(operators);
}

void GraphPane::selectBoth(const QStringList &operators)
{
    selected_ = operators;
    const QScopedValueRollback guard(following_, true);
    const QSet<QString> wanted(operators.begin(), operators.end());
    const GraphHull hull = hullFor(operators);
    for (Side side : {Side::Before, Side::After}) {
        const Picture &picture = pictures().of(side);
        const int item = picture.geometry ? itemOf(*picture.content, wanted) : -1;
        if (item >= 0 && picture.geometry->shownAs[item] < 0)
            showItem(side, item); // in a block that is not shown
        else
            canvas(side)->selectOperators(operators, side == Side::Before ? hull : GraphHull{});
    }
}

/// "encoder › layer.3" of what is selected.
void GraphPane::tellWhere(const QStringList &operators)
{
    const Picture &picture = pictures().of(frontSide());
    const QSet<QString> wanted(operators.begin(), operators.end());
    const int item = picture.content ? itemOf(*picture.content, wanted) : -1;
    QStringList path;
    for (int g = item >= 0 ? picture.content->scopes.groupOf[item] : -1; g >= 0;
         g = picture.content->scopes.groups[g].parent)
        if (!picture.content->scopes.groups[g].isRun)
            path.prepend(picture.content->scopes.groups[g].title);
    where_->setText(path.join(QStringLiteral("  ›  ")));
}

void GraphPane::chooseBlock(Side side, const QString &path, const QPoint &position)
{
    const Picture &picture = pictures().of(side);
    const ScopeGroup *run = picture.content ? groupAt(*picture.content, path) : nullptr;
    if (!run)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const int shown = picture.folds.block.value(path, 0);
    for (int b = 0; b < run->groups.size(); ++b) {
        const ScopeGroup &block = picture.content->scopes.groups[run->groups[b]];
        const QString heat = picture.scale.top > 0
            ? formatMs(heatOf(*picture.content, block)) + QLatin1Char(' ') + picture.scale.unit
            : QString();
        QAction *action = menu->addAction(block.title + QLatin1Char('\t') + heat);
        action->setCheckable(true);
        action->setChecked(b == shown);
        connect(action, &QAction::triggered, this, [this, side, path, b] {
            FoldState folds = pictures().of(side).folds;
            folds.block.insert(path, b);
            changeFolds(side, folds, {});
        });
    }
    menu->addSeparator();
    connect(menu->addAction(tr("Show all blocks")), &QAction::triggered, this, [this, side, path] {
        FoldState folds = pictures().of(side).folds;
        folds.spread.insert(path);
        changeFolds(side, folds, {});
    });
    menu->popup(position);
}

void GraphPane::peek(Side side, int number)
{
    const Picture &picture = pictures().of(side), &before = pictures().of(Side::Before);
    if (!picture.geometry || !before.content)
        return;
    const GraphItem &item = picture.geometry->items[number];
    if (item.isGroup)
        return fold(item.name, false);
    const GraphContent part = partOf(*before.content, item.operators);
    if (part.items.isEmpty())
        return emit told(tr("%1 has no source operators.").arg(item.title));
    const LayoutPointer layout = layoutNested(part, FoldState{});
    double sum = 0;
    for (const GraphItem &source : part.items)
        sum += source.heat.value_or(0);
    const QString times = item.heat && request_.heat == HeatKind::Time && sum > 0
        ? QStringLiteral("%1 → %2 %3").arg(formatMs(sum), item.heatText, item.heatUnit)
        : QString();
    canvas(side)->peekSheet()->present(
        tr("%1 ← %2 source operators").arg(item.title).arg(part.items.size()), times,
        composeGeometry(part, *layout));
}

} // namespace kasuri::app
