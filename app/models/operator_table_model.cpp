#include "app/models/operator_table_model.h"

#include <QHash>
#include <algorithm>
#include <utility>

#include "app/models/csv_field.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

} // namespace

void OperatorTableModel::setPlans(std::shared_ptr<const PlanInfo> before,
                                  std::shared_ptr<const PlanInfo> after,
                                  std::shared_ptr<const OverlayInfo> overlay)
{
    beginResetModel();
    overlay_ = std::move(overlay);
    before_ = std::move(before);
    after_ = std::move(after);
    build();
    endResetModel();
}

void OperatorTableModel::setGrouped(bool grouped)
{
    beginResetModel();
    grouped_ = grouped;
    build();
    endResetModel();
}

void OperatorTableModel::build()
{
    rows_.clear();
    merged_.clear();
    QHash<QString, double> baseline;
    if (before_)
        for (const StepInfo &step : before_->steps)
            for (const QString &node : step.sources)
                baseline[node] += step.medianMs.value_or(0)
                    / double(std::max<qsizetype>(1, step.sources.size()));
    const PlanInfo *shown = after_ ? after_.get() : before_.get();
    const QVector<std::optional<double>> there
        = shown && overlay_ ? overlayOf(*shown, *overlay_) : QVector<std::optional<double>>();
    double total = 0;
    if (shown)
        for (const StepInfo &step : shown->steps)
            total += step.medianMs.value_or(0);
    for (int s = 0; shown && s < shown->steps.size(); ++s) {
        Row row = rowOf(shown->steps[s], total);
        row.overlayMs = there.value(s);
        if (after_ && before_ && row.step->medianMs) {
            double sum = 0;
            for (const QString &node : row.step->sources)
                sum += baseline.value(node);
            row.beforeMs = sum;
        }
        rows_.append(row);
        for (const StepInfo &inner : row.step->inside) {
            rows_.append(rowOf(inner, total));
            rows_.back().inside = true;
        }
    }
    if (grouped_)
        mergeAlike();
}

OperatorTableModel::Row OperatorTableModel::rowOf(const StepInfo &step, double total) const
{
    Row row;
    row.step = &step;
    (after_ ? row.afterMs : row.beforeMs) = step.medianMs;
    if (step.medianMs && total > 0)
        row.share = *step.medianMs / total;
    return row;
}

/// Kernels of one kind that move and compute as much become one row; loops stay as they are.
void OperatorTableModel::mergeAlike()
{
    QVector<Row> rows;
    QHash<QString, int> known;
    QHash<int, StepInfo *> sums;
    for (const Row &row : std::as_const(rows_)) {
        const StepInfo &step = *row.step;
        const QString key = QStringLiteral("%1|%2|%3|%4|%5")
                                .arg(step.title, step.backend)
                                .arg(step.bytesRead)
                                .arg(step.bytesWritten)
                                .arg(step.flops);
        const bool loop = row.inside || !step.inside.empty();
        const int place = loop ? -1 : known.value(key, -1);
        if (place < 0) {
            if (!loop)
                known.insert(key, int(rows.size()));
            rows.append(row);
            continue;
        }
        StepInfo *&sum = sums[place];
        if (sum == nullptr) {
            sum = &merged_.emplace_back(*rows[place].step);
            sum->name += QStringLiteral(" …");
            sum->p90Ms.reset();
            rows[place].step = sum;
        }
        rows[place].add(row, *sum);
    }
    rows_ = std::move(rows);
}

/// `sum` is the step of this row.
void OperatorTableModel::Row::add(const Row &other, StepInfo &sum)
{
    const auto plus = [](std::optional<double> &to, const std::optional<double> &more) {
        if (more)
            to = to.value_or(0) + *more;
    };
    plus(beforeMs, other.beforeMs);
    plus(afterMs, other.afterMs);
    plus(share, other.share);
    plus(overlayMs, other.overlayMs);
    plus(sum.medianMs, other.step->medianMs);
    sum.calls += other.step->calls;
    sum.bytesRead += other.step->bytesRead;
    sum.bytesWritten += other.step->bytesWritten;
    sum.flops += other.step->flops;
    sum.sources += other.step->sources;
}

int OperatorTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(rows_.size());
}
int OperatorTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(overlay_ ? ColumnCount : Overlay);
}

QString OperatorTableModel::whyNoP90() const
{
    const PlanInfo *shown = after_ ? after_.get() : before_.get();
    return shown->profile ? tr("p90 needs 50 runs, the profile has %1").arg(shown->profile->runs)
                          : tr("not profiled yet");
}

QVariant OperatorTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Row &row = rows_[index.row()];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(row, index.column());
    case SortRole:
        return sortKey(row, index.column());
    case OperatorsRole:
        return row.step->sources;
    case FamilyRole:
        return int(familyOf(row.step->title));
    case ShareRole:
        return row.share.value_or(0);
    case SumRole:
        return row.inside ? QVariant()
                          : QVariantList{row.beforeMs ? QVariant(*row.beforeMs) : QVariant(),
                                         row.afterMs ? QVariant(*row.afterMs) : QVariant()};
    case Qt::TextAlignmentRole:
        return int(
            (index.column() <= Type || index.column() == Backend ? Qt::AlignLeft : Qt::AlignRight)
            | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (index.column() == P90 && !row.step->p90Ms)
            return whyNoP90();
        return row.step->reason.isEmpty() ? QVariant() : QVariant(row.step->reason);
    default:
        return {};
    }
}

QString OperatorTableModel::asTsv() const
{
    QStringList lines{heads().join(QLatin1Char('\t'))};
    for (const Row &row : rows_) {
        QStringList fields;
        for (int c = 0; c < columnCount(); ++c)
            fields << text(row, c).toString();
        lines << fields.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

QString OperatorTableModel::asCsv() const
{
    QString csv(QChar(0xFEFF));
    const auto end = [&](QStringList fields) {
        for (QString &field : fields)
            field = csvField(field);
        csv += fields.join(QLatin1Char(',')) + QStringLiteral("\r\n");
    };
    end(heads());
    for (const Row &row : rows_) {
        QStringList fields;
        for (int c = 0; c < columnCount(); ++c) {
            const QVariant value = plain(row, c);
            fields << (value.typeId() == QMetaType::Double
                           ? QString::number(value.toDouble(), 'g', 12)
                           : value.toString());
        }
        end(fields);
    }
    return csv;
}

} // namespace kasuri::app
