#pragma once

#include <QAbstractItemModel>
#include <QSet>

#include "app/session/workbench_data.h"

namespace kasuri::app {

/// Pass > rule > site with check boxes. The model never changes the recipe itself: a click asks
/// through toggleRequested, and the document answers with setData() after the undoable command ran.
class PassTreeModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, Fidelity, Effect, Sites, ColumnCount };
    enum Role {
        KeyRole = Qt::UserRole,
        OperatorsRole,
        LawRole,
        ReasonRole,
        EstimateRole,
        MeasuredRole
    };
    // Estimate and measured: ms as numbers, or nothing.

    using QAbstractItemModel::QAbstractItemModel;

    /// `off`: names of passes, rules and sites switched off; `on`: those switched on against the
    /// default.
    void setPasses(QVector<PassInfo> passes, QSet<QString> off, QSet<QString> on);
    const QVector<PassInfo> &passes() const { return passes_; }
    /// Why a rule declined sites, and where.
    struct Declined {
        QString pass, rule, reason; ///< the reason in the language of the window
        int sites = 0;
        QStringList operators;
    };
    /// Below a row, or of all; those with most sites first.
    QVector<Declined> declinedReasons(const QModelIndex &index) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

signals:
    void toggleRequested(const QString &key, bool on);

private:
    struct Place {
        int pass = -1, rule = -1, site = -1;
    };
    static quintptr pack(int pass, int rule);
    Place placeOf(const QModelIndex &index) const;
    QString keyOf(const Place &place) const;
    bool passOn(const PassInfo &pass) const;
    Qt::CheckState checkState(const Place &place) const;
    bool idle(const Place &place) const;
    QVariant display(const Place &place, int column) const;

    QVector<PassInfo> passes_;
    QSet<QString> off_, on_;
};

} // namespace kasuri::app
