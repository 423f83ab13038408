#include "app/models/operator_table_model.h"

#include <QHash>

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
    rows_.clear();
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
        Row row;
        row.step = &shown->steps[s];
        row.overlayMs = there.value(s);
        if (after_)
            row.afterMs = row.step->medianMs;
        else
            row.beforeMs = row.step->medianMs;
        if (after_ && before_ && row.step->medianMs) {
            double sum = 0;
            for (const QString &node : row.step->sources)
                sum += baseline.value(node);
            row.beforeMs = sum;
        }
        if (row.step->medianMs && total > 0)
            row.share = *row.step->medianMs / total;
        rows_.append(row);
        for (const StepInfo &inner : row.step->inside) {
            Row within;
            within.step = &inner;
            within.inside = true;
            (after_ ? within.afterMs : within.beforeMs) = inner.medianMs;
            if (inner.medianMs && total > 0)
                within.share = *inner.medianMs / total;
            rows_.append(within);
        }
    }
    endResetModel();
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
