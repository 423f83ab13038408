#include "app/graph/graph_access.h"

#include <QCoreApplication>
#include <QStringList>

#include "app/graph/graph_canvas.h"

namespace kasuri::app {
namespace {

constexpr int kMostNeighbours = 4;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(kasuri::app::GraphAccess)
};

QString kindOf(const GraphItem &item)
{
    if (item.isGroup && item.repeats > 0)
        return Words::tr("%1 alike blocks, folded").arg(item.repeats);
    if (item.isGroup)
        return Words::tr("folded group of %1 items").arg(item.members);
    if (!item.isKernel)
        return (item.type == item.title ? Words::tr("operator") : item.type)
            + (item.isView ? QStringLiteral(", ") + Words::tr("only a view") : QString());
    return item.operators.size() > 1
        ? Words::tr("kernel of %1 operators").arg(item.operators.size())
        : Words::tr("kernel");
}

QString changeOf(const GraphItem &item)
{
    switch (item.change) {
    case Change::None:
        return {};
    case Change::Same:
        return Words::tr("unchanged");
    case Change::Changed:
        return Words::tr("changed");
    case Change::Fused:
        return Words::tr("fused");
    case Change::Added:
        return Words::tr("added");
    case Change::Removed:
        return Words::tr("removed");
    }
    return {};
}

QString heatOf(const GraphItem &item)
{
    if (!item.heat)
        return {};
    const QString plain = item.heatText + QLatin1Char(' ') + item.heatUnit;
    const QString value = item.heatEstimated ? Words::tr("%1, estimated").arg(plain) : plain;
    return item.heatDiverges ? Words::tr("after minus before %1").arg(value) : value;
}

QString titlesOf(const GraphGeometry &graph, const QVector<int> &edges, bool producers)
{
    QStringList titles;
    for (int e : edges) {
        const int other = producers ? graph.edges[e].from : graph.edges[e].to;
        titles << graph.items[other].title;
    }
    if (titles.size() > kMostNeighbours) {
        const qsizetype more = titles.size() - kMostNeighbours;
        titles.resize(kMostNeighbours);
        titles << Words::tr("%1 more").arg(more);
    }
    return titles.join(QStringLiteral(", "));
}

QString neighboursOf(const GraphGeometry &graph, int item)
{
    QStringList parts;
    if (!graph.incoming[item].isEmpty())
        parts << Words::tr("reads %1").arg(titlesOf(graph, graph.incoming[item], true));
    if (!graph.outgoing[item].isEmpty())
        parts << Words::tr("read by %1").arg(titlesOf(graph, graph.outgoing[item], false));
    return parts.join(QStringLiteral("; "));
}

} // namespace

QString spokenName(const GraphItem &item, bool changes)
{
    QStringList parts{item.title, kindOf(item)};
    if (item.isKernel && !item.isGroup)
        parts << item.detail;
    if (changes)
        parts << changeOf(item);
    parts << heatOf(item);
    if (!item.unsupported.isEmpty())
        parts << Words::tr("cannot run: %1").arg(item.unsupported);
    parts.removeAll(QString());
    return parts.join(QStringLiteral(", "));
}

/// One item; says what is true of it now, so a new picture needs no new entries.
class GraphItemAccess : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    GraphItemAccess(const GraphAccess &list, int number) : list_(list), number_(number) { }

    int number() const { return number_; }
    bool isValid() const override { return list_.isValid() && number_ < list_.itemCount(); }
    QObject *object() const override { return nullptr; }
    QWindow *window() const override { return list_.window(); }
    QAccessibleInterface *parent() const override
    {
        return QAccessible::queryAccessibleInterface(list_.canvas());
    }
    QAccessibleInterface *child(int) const override { return nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    void setText(QAccessible::Text, const QString &) override { }

    QString text(QAccessible::Text kind) const override
    {
        if (!isValid())
            return {};
        const GraphCanvas &canvas = *list_.canvas();
        const GraphItem &item = canvas.graph_->items[number_];
        if (kind == QAccessible::Name)
            return spokenName(item, canvas.marks_.changes);
        if (kind == QAccessible::Description && canvas.marks_.focusedStub >= 0
            && canvas.marks_.selected == number_)
            return canvas.words();
        if (kind == QAccessible::Description)
            return neighboursOf(*canvas.graph_, number_);
        return kind == QAccessible::Value ? heatOf(item) : QString();
    }

    QRect rect() const override
    {
        if (!isValid())
            return {};
        const GraphCanvas &canvas = *list_.canvas();
        const QRect box = canvas.view_.toPixel(canvas.graph_->items[number_].rect).toAlignedRect();
        return QRect(canvas.mapToGlobal(box.topLeft()), box.size());
    }

    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.invalid = !isValid();
        if (state.invalid)
            return state;
        const GraphCanvas &canvas = *list_.canvas();
        const GraphItem &item = canvas.graph_->items[number_];
        state.focusable = state.selectable = true;
        state.selected
            = canvas.marks_.selected == number_ || canvas.marks_.linked.contains(number_);
        state.focused = canvas.marks_.selected == number_ && canvas.hasFocus();
        state.invisible = !canvas.isVisible();
        state.offscreen = !canvas.view_.toPixel(item.rect).intersects(QRectF(canvas.rect()));
        state.expandable = state.collapsed = item.isGroup;
        return state;
    }

    void *interface_cast(QAccessible::InterfaceType kind) override
    {
        return kind == QAccessible::ActionInterface
            ? static_cast<QAccessibleActionInterface *>(this)
            : nullptr;
    }

    QStringList actionNames() const override
    {
        QStringList names{pressAction(), setFocusAction()};
        if (isValid() && list_.canvas()->graph_->items[number_].isGroup)
            names << toggleAction();
        return names;
    }

    void doAction(const QString &name) override
    {
        if (!isValid())
            return;
        GraphCanvas &canvas = *list_.canvas();
        canvas.setFocus();
        canvas.select(number_, true);
        if (name == toggleAction())
            canvas.foldSelected();
    }

    QStringList keyBindingsForAction(const QString &name) const override
    {
        return name == toggleAction() ? QStringList{QStringLiteral("Return")} : QStringList();
    }

private:
    const GraphAccess &list_;
    int number_;
};

GraphAccess::GraphAccess(GraphCanvas *canvas) : QAccessibleWidget(canvas, QAccessible::List) { }

GraphAccess::~GraphAccess()
{
    for (QAccessible::Id id : std::as_const(known_))
        QAccessible::deleteAccessibleInterface(id);
}

GraphCanvas *GraphAccess::canvas() const
{
    return static_cast<GraphCanvas *>(widget());
}

int GraphAccess::itemCount() const
{
    return canvas()->graph_ ? int(canvas()->graph_->items.size()) : 0;
}

int GraphAccess::childCount() const
{
    return itemCount() + QAccessibleWidget::childCount();
}

QAccessibleInterface *GraphAccess::child(int index) const
{
    const int items = itemCount();
    if (index < 0 || index >= items)
        return index < 0 ? nullptr : QAccessibleWidget::child(index - items);
    if (const auto found = known_.constFind(index); found != known_.constEnd())
        return QAccessible::accessibleInterface(*found);
    auto *made = new GraphItemAccess(*this, index);
    known_.insert(index, QAccessible::registerAccessibleInterface(made));
    return made;
}

int GraphAccess::indexOfChild(const QAccessibleInterface *child) const
{
    if (const auto *item = dynamic_cast<const GraphItemAccess *>(child))
        return item->isValid() ? item->number() : -1;
    const int widget = QAccessibleWidget::indexOfChild(child);
    return widget < 0 ? -1 : itemCount() + widget;
}

QAccessibleInterface *GraphAccess::childAt(int x, int y) const
{
    const QPoint at = canvas()->mapFromGlobal(QPoint(x, y));
    if (QWidget *above = canvas()->childAt(at))
        return QAccessible::queryAccessibleInterface(above);
    return canvas()->rect().contains(at) ? child(canvas()->itemAt(at)) : nullptr;
}

QAccessibleInterface *GraphAccess::focusChild() const
{
    if (canvas()->hasFocus() && canvas()->marks_.selected >= 0)
        return child(canvas()->marks_.selected);
    return QAccessibleWidget::focusChild();
}

QString GraphAccess::text(QAccessible::Text kind) const
{
    if (kind == QAccessible::Description && itemCount() == 0)
        return canvas()->message_;
    return QAccessibleWidget::text(kind);
}

void installGraphAccess()
{
    static const bool once = [] {
        QAccessible::installFactory([](const QString &, QObject *object) -> QAccessibleInterface * {
            auto *canvas = qobject_cast<GraphCanvas *>(object);
            return canvas ? new GraphAccess(canvas) : nullptr;
        });
        return true;
    }();
    Q_UNUSED(once);
}

} // namespace kasuri::app
