#pragma once

#include <QTimer>
#include <QWidget>

#include "app/graph/graph_item.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// The facts of what the mouse rests on, shown after a moment beside it.
class HoverCard : public QWidget {
    Q_OBJECT
public:
    HoverCard(const Theme &theme, QWidget *parent);

    /// Shows the item's facts at `at` (pixels of the parent) when the mouse has rested.
    void rest(const GraphItem &item, const QPointF &at);
    void leave();
    QString plainText() const;

protected:
    void paintEvent(QPaintEvent *) override;

private:
    void present();

    const Theme &theme_;
    QTimer delay_;
    QPointF at_;
    QString title_;
    QVector<std::pair<QString, QString>> rows_;
};

} // namespace kasuri::app
