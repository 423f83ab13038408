#pragma once

#include <QAbstractTableModel>
#include <deque>
#include <optional>

#include "app/session/overlay_data.h"
#include "app/session/workbench_data.h"

namespace kasuri::app {

/// Steps of the plan shown, one row each, below a loop those of its body (times summed over the
/// iterations of a run): name, type, calls, median before and after, p90 after, share, bytes,
/// rates, backend, and with an overlay what another program took for the same operators. "before"
/// of a kernel is the sum of its source operators' kernels in the baseline.
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
        Overlay, ///< only where there is one
        ColumnCount
    };
    /// FamilyRole: cat1..cat8 as a number. ShareRole: of the whole, 0..1. SumRole: before and after
    /// in ms, invalid where unknown; nothing at all for rows whose time is in another row's.
    enum Role { OperatorsRole = Qt::UserRole, SortRole, FamilyRole, ShareRole, SumRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setPlans(std::shared_ptr<const PlanInfo> before, std::shared_ptr<const PlanInfo> after,
                  std::shared_ptr<const OverlayInfo> overlay = {});
    /// Kernels of one kind that move and compute as much as one row, with their sums.
    void setGrouped(bool grouped);
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
        bool inside = false; ///< a step of a loop's body
        void add(const Row &other, StepInfo &sum);
        std::optional<double> relative() const; ///< after against before
        std::optional<double> perMs(double amount) const; ///< in 1e6 per second
    };
    void build();
    void mergeAlike();
    Row rowOf(const StepInfo &step, double total) const;
    QVariant text(const Row &row, int column) const;
    QVariant sortKey(const Row &row, int column) const;
    QVariant plain(const Row &row, int column) const;
    QString whyNoP90() const;
    QStringList heads() const;

    std::shared_ptr<const PlanInfo> before_, after_;
    std::shared_ptr<const OverlayInfo> overlay_;
    std::deque<StepInfo> merged_; ///< the sums that rows point to
    bool grouped_ = false;
    QVector<Row> rows_;
};

} // namespace kasuri::app
