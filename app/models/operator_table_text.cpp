// What stands in the cells and heads of the operator table.
#include <cmath>

#include "app/models/operator_table_model.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kNoiseFloor = 0.02; ///< of a single kernel between two profiles
const QString kMissing = QStringLiteral("–");

} // namespace

std::optional<double> OperatorTableModel::Row::relative() const
{
    return beforeMs && afterMs && *beforeMs > 0 ? std::optional(*afterMs / *beforeMs - 1)
                                                : std::nullopt;
}

std::optional<double> OperatorTableModel::Row::perMs(double amount) const
{
    return step->medianMs.value_or(0) > 0 && amount > 0
        ? std::optional(amount / *step->medianMs / 1e6)
        : std::nullopt;
}

QVariant OperatorTableModel::text(const Row &row, int column) const
{
    const auto ms
        = [](const std::optional<double> &value) { return value ? formatMs(*value) : kMissing; };
    const auto rate = [](const std::optional<double> &value) {
        return value ? QString::number(*value, 'f', 1) : kMissing;
    };
    switch (column) {
    case Name:
        return row.step->name;
    case Type:
        return row.step->title;
    case Calls:
        return (row.repeats > 1 ? QStringLiteral("×") : QString())
            + QString::number(row.step->calls);
    case Before:
        return ms(row.beforeMs);
    case After:
        return ms(row.afterMs);
    case P90:
        return ms(row.step->p90Ms);
    case Delta:
        return row.beforeMs && row.afterMs ? formatSigned(*row.afterMs - *row.beforeMs) : kMissing;
    case DeltaPercent:
        return !row.relative()                        ? kMissing
            : std::abs(*row.relative()) < kNoiseFloor ? tr("= same")
                                                      : formatSignedPercent(*row.relative());
    case Share:
        return row.share ? QString::number(*row.share * 100, 'f', 1) : kMissing;
    case Bytes:
        return formatMiB(double(row.step->bytesRead + row.step->bytesWritten));
    case Rate:
        return rate(row.perMs(double(row.step->flops)));
    case Bandwidth:
        return rate(row.perMs(double(row.step->bytesRead + row.step->bytesWritten)));
    case Backend:
        return row.step->backend;
    case Fidelity:
        return fidelityOf(*row.step);
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
    case DeltaPercent:
        return row.relative().value_or(0);
    case Share:
        return row.share.value_or(-1);
    case Overlay:
        return row.overlayMs.value_or(-1);
    case Bytes:
        return row.step->bytesRead + row.step->bytesWritten;
    case Rate:
        return row.perMs(double(row.step->flops)).value_or(-1);
    case Bandwidth:
        return row.perMs(double(row.step->bytesRead + row.step->bytesWritten)).value_or(-1);
    default:
        return text(row, column);
    }
}

/// Nothing where the value is unknown.
QVariant OperatorTableModel::plain(const Row &row, int column) const
{
    const auto known
        = [](const std::optional<double> &value) { return value ? QVariant(*value) : QVariant(); };
    switch (column) {
    case Calls:
        return row.step->calls;
    case Before:
        return known(row.beforeMs);
    case After:
        return known(row.afterMs);
    case Overlay:
        return known(row.overlayMs);
    case Delta:
        return row.beforeMs && row.afterMs ? QVariant(*row.afterMs - *row.beforeMs) : QVariant();
    case DeltaPercent:
        return row.relative() ? QVariant(*row.relative() * 100) : QVariant();
    case P90:
        return known(row.step->p90Ms);
    case Share:
        return row.share ? QVariant(*row.share * 100) : QVariant();
    case Bytes:
        return double(row.step->bytesRead + row.step->bytesWritten) / (1 << 20);
    case Rate:
        return known(row.perMs(double(row.step->flops)));
    case Bandwidth:
        return known(row.perMs(double(row.step->bytesRead + row.step->bytesWritten)));
    default:
        return text(row, column);
    }
}

QVariant OperatorTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section <= Type || section == Backend || section == Fidelity ? Qt::AlignLeft
                                                                                 : Qt::AlignRight)
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
    case DeltaPercent:
        return tr("Δ %");
    case Share:
        return tr("Share %");
    case Bytes:
        return tr("MiB moved");
    case Rate:
        return tr("GFLOP/s");
    case Bandwidth:
        return tr("GB/s");
    case Backend:
        return tr("Backend");
    case Fidelity:
        return tr("Fidelity");
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

} // namespace kasuri::app
