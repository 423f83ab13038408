#pragma once

#include <QWidget>

#include "app/models/operator_table_model.h"
#include "app/session/keeps_look.h"
#include "app/style/theme.h"

class QTableView;
class QLabel;
class QCheckBox;
class QLineEdit;
class QMenu;
class QTimer;

namespace kasuri::app {

class OperatorFilter;

/// The sortable, filterable table of kernels with the sum of those shown, linked with the other
/// views; copies as TSV. Columns beyond times and share are shown when asked for.
class OperatorsPanel : public QWidget, public KeepsLook {
    Q_OBJECT
public:
    OperatorsPanel(const Theme &theme, QWidget *parent = nullptr);

    OperatorTableModel *model() { return model_; }
    void setFooter(const QString &text);
    void selectOperators(const QStringList &operators);
    void copy() const; ///< as tab-separated text
    QString writeCsv(const QString &path) const; ///< an error in words, or nothing
    QString filter() const;
    void setFilter(const QString &text);
    void setWithin(const QStringList &operators); ///< only rows that perform these; empty: all

signals:
    void filterChanged();
    void operatorsSelected(const QStringList &operators);

private:
    QJsonObject look() const override;
    void restoreLook(const QJsonObject &look) override;
    void setUpTable(const Theme &theme);
    QWidget *buildColumns(); ///< a button for what is not always shown
    void showFooter(); ///< the sum of the rows shown

    OperatorTableModel *model_;
    OperatorFilter *sorted_;
    QTableView *table_;
    QLabel *footer_;
    QLineEdit *filter_;
    QCheckBox *alike_;
    QMenu *columns_;
    QTimer *soon_; ///< one sum for many changes of rows
    QString about_; ///< behind the sum
    bool linking_ = false;
};

} // namespace kasuri::app
