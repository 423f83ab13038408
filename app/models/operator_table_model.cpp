#include "app/models/operator_table_model.h"

#include <QRegularExpression>
#include <algorithm>
#include <utility>

#include "app/models/csv_field.h"
#include "app/session/reason_words.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

int rankOf(const QString &fidelity)
{
    return fidelity == QLatin1String("exact")      ? 0
        : fidelity == QLatin1String("approximate") ? 2
                                                   : 1;
}

/// "layer.0–11/MatMul" where two names differ in one number only.
QString spanOf(const QString &first, const QString &last)
{
    static const QRegularExpression number(QStringLiteral("\\d+"));
    const qsizetype shorter = std::min(first.size(), last.size());
    qsizetype same = 0, back = 0;
    while (same < shorter && first[same] == last[same])
        ++same;
    while (same > 0 && first[same - 1].isDigit())
        --same;
    while (back < shorter - same && first[first.size() - 1 - back] == last[last.size() - 1 - back])
        ++back;
    while (back > 0 && first[first.size() - back].isDigit())
        --back;
    const QString from = first.mid(same, first.size() - same - back),
                  to = last.mid(same, last.size() - same - back);
    const auto whole = [&](const QString &text) {
        const auto match = number.match(text);
        return match.hasMatch() && match.capturedLength() == text.size();
    };
    if (!whole(from) || !whole(to))
        return first + QStringLiteral(" …");
    return first.left(same) + from + QChar(0x2013) + to + first.right(back);
}

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

void OperatorTableModel::setBlocks(const QString &plan, const QVector<int> &alike)
{
    if (plan == blocksOf_ && alike == alike_)
        return;
    beginResetModel();
    blocksOf_ = plan;
    alike_ = alike;
    build();
    endResetModel();
}

void OperatorTableModel::setPasses(const QVector<PassInfo> &passes)
{
    fidelity_.clear();
    passesKnown_ = !passes.isEmpty();
    for (const PassInfo &pass : passes)
        for (const RuleInfo &rule : pass.rules)
            for (const SiteInfo &site : rule.sites)
                if (site.applied)
                    for (const QString &node : site.nodes)
                        fidelity_[node] = std::max(fidelity_.value(node), rankOf(rule.fidelity));
    if (!rows_.isEmpty())
        emit dataChanged(index(0, Fidelity), index(int(rows_.size()) - 1, Fidelity));
}

QString OperatorTableModel::fidelityOf(const StepInfo &step) const
{
    static const char *const kWords[]
        = {QT_TR_NOOP("= exact"), QT_TR_NOOP("≈ rounding"), QT_TR_NOOP("~ approximate")};
    if (!passesKnown_ || !after_)
        return QStringLiteral("–");
    int worst = 0;
    for (const QString &node : step.sources)
        worst = std::max(worst, fidelity_.value(node));
    return tr(kWords[worst]);
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
        row.number = s;
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
    if (grouped_ && after_ && after_->hash == blocksOf_ && alike_.size() == after_->steps.size())
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

/// Kernels that stand at the same place of alike blocks become one row; loops stay as they are.
void OperatorTableModel::mergeAlike()
{
    QVector<Row> rows;
    QHash<int, int> known; // by the step that is repeated
    QHash<int, StepInfo *> sums;
    for (const Row &row : std::as_const(rows_)) {
        const bool loop = row.inside || !row.step->inside.empty();
        const int first = loop ? -1 : alike_[row.number];
        const int place = known.value(first, -1);
        if (loop || place < 0) {
            if (!loop)
                known.insert(first, int(rows.size()));
            rows.append(row);
            continue;
        }
        StepInfo *&sum = sums[place];
        if (sum == nullptr) {
            sum = &merged_.emplace_back(*rows[place].step);
            sum->p90Ms.reset();
            rows[place].step = sum;
        }
        sum->name = spanOf(after_->steps[rows[place].number].name, row.step->name);
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
    ++repeats;
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

QString OperatorTableModel::whyNoP90(const Row &row) const
{
    if (row.repeats > 1)
        return tr("a sum of kernels has no p90");
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
        return row.inside
            ? QVariant()
            : QVariantList{row.beforeMs ? QVariant(*row.beforeMs) : QVariant(),
                           row.afterMs ? QVariant(*row.afterMs) : QVariant(), row.repeats};
    case Qt::TextAlignmentRole:
        return int(
            (index.column() <= Type || index.column() == Backend || index.column() == Fidelity
                 ? Qt::AlignLeft
                 : Qt::AlignRight)
            | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (index.column() == P90 && !row.step->p90Ms)
            return whyNoP90(row);
        if (index.column() == Name)
            return row.step->name;
        return row.step->reason.isEmpty() ? QVariant() : QVariant(reasonWords(row.step->reason));
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
