#pragma once

#include <QWidget>

#include "app/session/workbench_data.h"

class QFrame;
class QGridLayout;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QSpinBox;

namespace kasuri::app {

/// Above the canvas: the dynamic dimensions of the model with the sizes it is planned for. As many
/// stand in the bar as it is wide, the others behind a button at its end. Hidden where there are
/// none.
class DimsBar : public QWidget {
    Q_OBJECT
public:
    explicit DimsBar(QWidget *parent = nullptr);
    void setDims(const QVector<DimInfo> &dims);
    QSize minimumSizeHint() const override;

signals:
    void dimChosen(const QString &name, qint64 value);

protected:
    void resizeEvent(QResizeEvent *) override;
    void changeEvent(QEvent *) override;

private:
    struct Field {
        DimInfo dim;
        QLabel *label;
        QSpinBox *box;
    };

    void addField(const DimInfo &dim);
    void tell(Field &field, const DimInfo &dim);
    int cellWidth(const Field &field) const;
    int fitting() const; ///< how many dimensions stand in the bar
    void arrange();
    void openRest();

    QHBoxLayout *row_;
    QLabel *head_;
    QPushButton *more_;
    QFrame *rest_;
    QGridLayout *grid_;
    QVector<Field> fields_;
};

} // namespace kasuri::app
