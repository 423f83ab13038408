#pragma once

#include <QString>
#include <QWidget>

#include "app/graph/picture_maker.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// Over one half of a split: which version it is, of how much it consists, what it takes.
class SideHead : public QWidget {
    Q_OBJECT
public:
    SideHead(const Theme &theme, Side side, QWidget *parent = nullptr);

    /// `what`: "87 kernels · passes default"; `figures`: "143.0 ms   4.13 MiB".
    void setWords(const QString &what, const QString &figures);

protected:
    void paintEvent(QPaintEvent *) override;
    void changeEvent(QEvent *) override;

private:
    const Theme &theme_;
    Side side_;
    QString what_, figures_;
};

} // namespace kasuri::app
