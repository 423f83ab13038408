#pragma once

#include <QWidget>

#include "app/session/workbench_data.h"

class QHBoxLayout;

namespace kasuri::app {

/// Above the canvas: the dynamic dimensions of the model with the sizes it is planned for. Hidden
/// where there are none.
class DimsBar : public QWidget {
    Q_OBJECT
public:
    explicit DimsBar(QWidget *parent = nullptr);
    void setDims(const QVector<DimInfo> &dims);

signals:
    void dimChosen(const QString &name, qint64 value);

private:
    QHBoxLayout *row_;
    QVector<DimInfo> shown_;
};

} // namespace kasuri::app
