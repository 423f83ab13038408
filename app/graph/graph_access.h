#pragma once

#include <QAccessibleWidget>
#include <QHash>
#include <QString>

#include "app/graph/graph_item.h"

namespace kasuri::app {

class GraphCanvas;

/// What a screen reader says of an item: its name, what it is, what became of it in the other
/// version (where `changes` are shown), its heat, and why it cannot run.
QString spokenName(const GraphItem &item, bool changes);

/// What assistive programs find in a canvas: a list with one entry per item of the picture, in its
/// order, wherever it stands (out of view it says so); after them the sheets that lie upon the
/// canvas. The focused entry is the selected one; pressing an entry selects it.
class GraphAccess : public QAccessibleWidget {
public:
    explicit GraphAccess(GraphCanvas *canvas);

    int childCount() const override;
    QAccessibleInterface *child(int index) const override;
    int indexOfChild(const QAccessibleInterface *child) const override;
    QAccessibleInterface *childAt(int x, int y) const override;
    QAccessibleInterface *focusChild() const override;
    QString text(QAccessible::Text kind) const override;

protected:
    ~GraphAccess() override;

private:
    friend class GraphItemAccess;
    GraphCanvas *canvas() const;
    int itemCount() const;

    mutable QHash<int, QAccessible::Id> known_;
};

/// Lets Qt find the entries of every canvas; again is harmless.
void installGraphAccess();

} // namespace kasuri::app
