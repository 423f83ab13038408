#pragma once

#include <QTableWidget>

#include "app/charts/memory_scene.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// The tensors alive in the arena at the cursor, before and after, with their sums to the byte: the
/// timeline's table twin. A symbol says which version holds them.
class LiveSetList : public QTableWidget {
    Q_OBJECT
public:
    explicit LiveSetList(const Theme &theme, QWidget *parent = nullptr);
    /// `step` of the version in front; the other version is shown where it stands at `x`.
    void show(const MemoryScene &scene, int step, double x);

signals:
    void tensorChosen(const QString &name); ///< clicked, or Enter

protected:
    void changeEvent(QEvent *) override;

private:
    struct Row {
        QString name;
        qint64 before = -1, after = -1; ///< bytes; -1: not there
        bool strong = false;
    };
    void add(const Row &row);

    const Theme &theme_;
};

} // namespace kasuri::app
