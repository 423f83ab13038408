#pragma once

#include <QStringList>
#include <QVector>
#include <QWidget>
#include <memory>

#include "app/session/workbench_data.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// One link of the chain that stands for a graph before it is drawn.
struct OutlineGroup {
    QString title; ///< "encoder.layer.0–11", or of operators in no group "Gather … Add"
    int times = 1; ///< alike blocks
    int operators = 0; ///< of one block

    bool operator==(const OutlineGroup &) const = default;
};

/// The groups of a model in source order, and the operators between them; the largest groups are
/// opened as long as the chain stays short.
QVector<OutlineGroup> chainOf(const ModelInfo &model);

/// What stands on the canvas while a model opens: its chain of groups as soon as its nodes are
/// known, and how far reading and planning are.
class OutlineView : public QWidget {
    Q_OBJECT
public:
    OutlineView(const Theme &theme, QWidget *parent = nullptr);

    /// The chain is made off the event loop; no model: none is known yet.
    void setModel(const std::shared_ptr<const ModelInfo> &model, const QString &title);
    void setProgress(const QString &words, double share); ///< 0: unknown
    const QVector<OutlineGroup> &chain() const { return chain_; }
    QString plainText() const; ///< the table twin: a line each

protected:
    void paintEvent(QPaintEvent *) override;

private:
    void paintChain(QPainter &p, double top) const;
    void paintGroup(QPainter &p, const QRectF &box, const OutlineGroup &group) const;

    const Theme &theme_;
    std::shared_ptr<const ModelInfo> model_;
    QString title_, words_;
    QVector<OutlineGroup> chain_;
    double share_ = 0;
};

} // namespace kasuri::app
