#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <deque>
#include <optional>

#include "app/session/overlay_data.h"
#include "app/session/workbench_data.h"

namespace kasuri::app {

/// Steps of the plan shown, one row each, below a loop those of its body (times summed over the
/// iterations of a run): name, type, calls, median before and after, p90 after, share, bytes,
/// rates, backend, fidelity, and with an overlay what another program took for the same operators.
/// "before" of a kernel is the sum of its source operators' kernels in the baseline.
class OperatorTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        Name,
        Type,
        Calls,
        Before,
        After,
        Delta,
        DeltaPercent, ///< "= same" within what counts as noise
        P90,
        Share,
        Bytes,
        Rate,
        Bandwidth,
        Backend,
        Fidelity, ///< the weakest promise of the rules that made the kernel
        Overlay, ///< only where there is one
        ColumnCount
    };
    /// FamilyRole: cat1..cat8 as a number. ShareRole: of the whole, 0..1. SumRole: before and after
    /// in ms, invalid where unknown, and how many kernels; nothing at all for rows whose time is in
    /// another row's.
    enum Role { OperatorsRole = Qt::UserRole, SortRole, FamilyRole, ShareRole, SumRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setPlans(std::shared_ptr<const PlanInfo> before, std::shared_ptr<const PlanInfo> after,
                  std::shared_ptr<const OverlayInfo> overlay = {});
    /// Alike kernels of repeated blocks as one row, with their sums.
    void setGrouped(bool grouped);
    /// Of each step of the plan with this hash, the first one that it repeats (see
    /// graph/alike_kernels.h); asked for only with that plan.
    void setBlocks(const QString &plan, const QVector<int> &alike);
    void setPasses(const QVector<PassInfo> &passes); ///< what made the kernels
    QString asTsv() const;
    /// For spreadsheets: UTF-8 with BOM, plain numbers in full precision, empty where unknown.
    QString asCsv() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        const StepInfo *step = nullptr;
        std::optional<double> beforeMs, afterMs, share, overlayMs;
        int number = -1; ///< of the step in its plan
        int repeats = 1; ///< kernels it is the sum of
        bool inside = false; ///< a step of a loop's body
        void add(const Row &other, StepInfo &sum);
        std::optional<double> relative() const; ///< after against before
        std::optional<double> perMs(double amount) const; ///< in 1e6 per second
    };
    void build();
    void mergeAlike();
    Row rowOf(const StepInfo &step, double total) const;
    QString fidelityOf(const StepInfo &step) const;
    QVariant text(const Row &row, int column) const;
    QVariant sortKey(const Row &row, int column) const;
    QVariant plain(const Row &row, int column) const;
    QString whyNoP90(const Row &row) const;
    QStringList heads() const;

    std::shared_ptr<const PlanInfo> before_, after_;
    std::shared_ptr<const OverlayInfo> overlay_;
    std::deque<StepInfo> merged_; ///< the sums that rows point to
    QString blocksOf_; ///< the plan `alike_` belongs to
    QVector<int> alike_;
    QHash<QString, int> fidelity_; ///< by operator, from 0: exact
    bool passesKnown_ = false, grouped_ = false;
    QVector<Row> rows_;
};

} // namespace kasuri::app
