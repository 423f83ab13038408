#pragma once

#include <QTableView>

#include "app/models/twin.h"

namespace kasuri::app {

class TwinModel;

/// The table twin of a picture: sortable, linked with the other views, copied as tab-separated
/// text, written as CSV.
class TwinView : public QTableView {
    Q_OBJECT
public:
    TwinView(const QString &accessibleName, QWidget *parent = nullptr);

    void show(Twin twin);
    /// Selects the rows that are about these operators.
    void selectOperators(const QStringList &operators);
    QString asTsv() const; ///< of several selected rows only those
    QString writeCsv(const QString &path) const; ///< an error in words, or nothing
    const TwinModel *rows() const { return model_; }

signals:
    void operatorsSelected(const QStringList &operators);

private:
    void addMenu();
    void saveCsv();

    TwinModel *model_;
    bool linking_ = false;
};

} // namespace kasuri::app
