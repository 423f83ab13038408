// What the cells of the verdict header say.
#include <algorithm>
#include <cmath>

#include "app/panels/verdict_header.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kBytesNoise = 0.005;

QString arrowed(const QString &verdict)
{
    if (verdict == QLatin1String("faster"))
        return VerdictHeader::tr("▼ Faster");
    if (verdict == QLatin1String("slower"))
        return VerdictHeader::tr("▲ Slower");
    if (verdict == QLatin1String("same"))
        return VerdictHeader::tr("= Same");
    return VerdictHeader::tr("? Undecided");
}

} // namespace

VerdictHeader::Cell VerdictHeader::latencyCell() const
{
    Cell cell;
    cell.label = tr("Latency   median of paired blocks");
    cell.unit = tr("ms");
    if (!state_.comparison) {
        cell.before = QStringLiteral("–");
        const bool working = state_.phase == VerdictState::Phase::Measuring
            || state_.phase == VerdictState::Phase::Opening;
        cell.detail = working ? state_.message : tr("not measured yet: F5");
        if (state_.estimate) {
            cell.before = QStringLiteral("≈ ") + formatMs(state_.estimate->first);
            cell.after = formatMs(state_.estimate->second);
            if (!working)
                cell.detail = tr("estimated, not measured yet: F5");
        }
        return cell;
    }
    const LatencyResult &l = state_.comparison->latency;
    cell.before = formatMs(l.beforeMs);
    if (state_.comparison->fidelity == QLatin1String("broken")) {
        cell.stamp = tr("× Outputs differ");
        cell.kind = Cell::Stamp::Error;
        cell.detail = tr("no verdict on times while the outputs differ");
        return cell;
    }
    cell.after = formatMs(l.afterMs);
    const bool real = l.verdict == QLatin1String("faster") || l.verdict == QLatin1String("slower");
    cell.stamp = arrowed(l.verdict);
    cell.kind = real                         ? Cell::Stamp::Filled
        : l.verdict == QLatin1String("same") ? Cell::Stamp::Outline
                                             : Cell::Stamp::Dashed;
    if (state_.phase == VerdictState::Phase::Stale) {
        cell.stamp = tr("~ Recipe changed");
        cell.kind = Cell::Stamp::Dashed;
    } else if (state_.comparison->partial) {
        cell.stamp = tr("– Partial, %n blocks", nullptr, state_.comparison->blocks);
        cell.kind = Cell::Stamp::Dashed;
    }
    if (state_.phase == VerdictState::Phase::Measuring) {
        cell.detail = state_.message;
        return cell;
    }
    if (state_.phase == VerdictState::Phase::Stale) {
        cell.detail = tr("measured with %1; F5 measures again").arg(state_.measuredRecipe);
        return cell;
    }
    const QString interval
        = tr("99 %  %1 … %2")
              .arg(formatSignedPercent(l.ratioLow - 1), formatSignedPercent(l.ratioHigh - 1));
    cell.detail = real ? formatSignedPercent(l.ratio - 1) + QStringLiteral("   ")
            + formatSigned(l.afterMs - l.beforeMs) + tr(" ms   ") + interval
                       : interval;
    return cell;
}

VerdictHeader::Cell VerdictHeader::arenaCell() const
{
    Cell cell;
    cell.label = tr("Planned arena   peak");
    cell.unit = tr("MiB");
    if (!state_.before)
        return cell;
    const double before = double(state_.before->memory.arenaBytes);
    cell.before = formatMiB(before);
    cell.detail
        = tr("lower bound %1").arg(formatMiB(double(state_.before->memory.lowerBoundBytes)));
    if (!state_.after)
        return cell;
    const double after = double(state_.after->memory.arenaBytes);
    cell.after = formatMiB(after);
    const double change = before > 0 ? after / before - 1 : 0;
    const bool same = std::abs(change) < kBytesNoise;
    cell.stamp = same ? tr("= Same") : change < 0 ? tr("▼ Less") : tr("▲ More");
    cell.kind = same ? Cell::Stamp::Outline : Cell::Stamp::Filled;
    cell.detail = (same ? QString() : formatSignedPercent(change) + QStringLiteral("   "))
        + tr("lower bound %1").arg(formatMiB(double(state_.after->memory.lowerBoundBytes)));
    return cell;
}

VerdictHeader::Cell VerdictHeader::processCell() const
{
    Cell cell;
    cell.label = tr("Process RSS   peak");
    cell.unit = tr("MiB");
    cell.before = QStringLiteral("–");
    if (!state_.comparison || !state_.comparison->rssBefore || !state_.comparison->rssAfter)
        return cell;
    const double before = double(*state_.comparison->rssBefore),
                 after = double(*state_.comparison->rssAfter);
    cell.before = formatMiB(before);
    cell.after = formatMiB(after);
    const double change = after / before - 1;
    const bool same = std::abs(change) <= 0.02;
    cell.stamp = same ? tr("= Same") : change < 0 ? tr("▼ Less") : tr("▲ More");
    cell.kind = same ? Cell::Stamp::Outline : Cell::Stamp::Filled;
    cell.detail = same ? tr("inside the threshold ±2 %") : formatSignedPercent(change);
    return cell;
}

VerdictHeader::Cell VerdictHeader::outputsCell() const
{
    Cell cell;
    cell.label = tr("Outputs");
    if (state_.phase == VerdictState::Phase::Failed) {
        cell.stamp = tr("× Failed");
        cell.kind = Cell::Stamp::Error;
        cell.detail = state_.message;
        return cell;
    }
    if (!state_.comparison) {
        cell.detail = tr("unchecked");
        return cell;
    }
    const ComparisonInfo &c = *state_.comparison;
    const bool broken = c.fidelity == QLatin1String("broken");
    const bool unchecked = c.fidelity == QLatin1String("unchecked");
    cell.stamp = broken                        ? tr("× Outputs differ")
        : unchecked                            ? tr("? Unchecked")
        : c.fidelity == QLatin1String("equal") ? tr("✓ Equal")
                                               : tr("✓ Within tolerance");
    cell.kind = broken ? Cell::Stamp::Error
        : unchecked    ? Cell::Stamp::Dashed
                       : Cell::Stamp::Outline;
    cell.detail
        = tr("%1 of %1   max abs %2").arg(c.outputsChecked).arg(c.maxAbs, 0, 'e', 1);
    if (c.outputsChecked == 0)
        cell.detail = tr("not compared");
    if (!c.requirements.isEmpty()) {
        const auto met = std::count_if(c.requirements.begin(), c.requirements.end(),
                                       [](const RequirementResult &r) { return r.met; });
        cell.detail = (met == c.requirements.size() ? tr("✓ %1 of %2 requirements met")
                                                    : tr("× %1 of %2 requirements met"))
                          .arg(met)
                          .arg(c.requirements.size())
            + QStringLiteral("   ") + cell.detail;
    }
    return cell;
}

} // namespace kasuri::app
