#include "app/models/operator_table_model.h"

#include <QHash>

#include "app/models/csv_field.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

const QString kMissing = QStringLiteral("–");

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

QVariant OperatorTableModel::text(const Row &row, int column) const
{
    const auto ms
        = [](const std::optional<double> &value) { return value ? formatMs(*value) : kMissing; };
    switch (column) {
    case Name:
        return row.step->name;
    case Type:
        return row.step->title;
    case Calls:
        return QString::number(row.step->calls);
    case Before:
        return ms(row.beforeMs);
    case After:
        return ms(row.afterMs);
    case P90:
        return ms(row.step->p90Ms);
    case Delta:
        return row.beforeMs && row.afterMs ? formatSigned(*row.afterMs - *row.beforeMs) : kMissing;
    case Share:
        return row.share ? QString::number(*row.share * 100, 'f', 1) : kMissing;
    case Bytes:
        return formatMiB(double(row.step->bytesRead + row.step->bytesWritten));
    case Rate:
        if (!row.step->medianMs || *row.step->medianMs <= 0 || row.step->flops == 0)
            return kMissing;
        return QString::number(double(row.step->flops) / *row.step->medianMs / 1e6, 'f', 1);
    case Backend:
        return row.step->backend;
    case Overlay:
        return ms(row.overlayMs);
    default:
        return {};
    }
}

QVariant OperatorTableModel::sortKey(const Row &row, int column) const
{
    switch (column) {
    case Calls:
        return row.step->calls;
    case P90:
        return row.step->p90Ms.value_or(-1);
    case Before:
        return row.beforeMs.value_or(-1);
    case After:
        return row.afterMs.value_or(-1);
    case Delta:
        return row.afterMs.value_or(0) - row.beforeMs.value_or(0);
    case Share:
        return row.share.value_or(-1);
    case Overlay:
        return row.overlayMs.value_or(-1);
    case Bytes:
        return row.step->bytesRead + row.step->bytesWritten;
    case Rate:
        return double(row.step->flops) / std::max(1e-9, row.step->medianMs.value_or(1e12));
    default:
        return text(row, column);
    }
}

/// Nothing where the value is unknown.
QVariant OperatorTableModel::plain(const Row &row, int column) const
{
    const auto known
        = [](const std::optional<double> &value) { return value ? QVariant(*value) : QVariant(); };
    const std::optional<double> ms = row.step->medianMs;
    switch (column) {
    case Before:
        return known(row.beforeMs);
    case After:
        return known(row.afterMs);
    case Overlay:
        return known(row.overlayMs);
    case Delta:
        return row.beforeMs && row.afterMs ? QVariant(*row.afterMs - *row.beforeMs) : QVariant();
    case P90:
        return known(row.step->p90Ms);
    case Share:
        return row.share ? QVariant(*row.share * 100) : QVariant();
    case Bytes:
        return double(row.step->bytesRead + row.step->bytesWritten) / (1 << 20);
    case Rate:
        return ms.value_or(0) > 0 && row.step->flops > 0
            ? QVariant(double(row.step->flops) / *ms / 1e6)
            : QVariant();
    default:
        return text(row, column);
    }
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

QVariant OperatorTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section <= Type || section == Backend ? Qt::AlignLeft : Qt::AlignRight)
                   | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Operator");
    case Type:
        return tr("Type");
    case Calls:
        return tr("Calls");
    case P90:
        return tr("p90 ms");
    case Before:
        return tr("Before ms");
    case After:
        return tr("After ms");
    case Delta:
        return tr("Δ ms");
    case Share:
        return tr("Share %");
    case Bytes:
        return tr("MiB moved");
    case Rate:
        return tr("GFLOP/s");
    case Backend:
        return tr("Backend");
    case Overlay:
        return tr("Overlay ms");
    default:
        return {};
    }
}

QStringList OperatorTableModel::heads() const
{
    QStringList names;
    for (int c = 0; c < columnCount(); ++c)
        names << headerData(c, Qt::Horizontal, Qt::DisplayRole).toString();
    return names;
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
