#include "app/models/twin.h"

#include <QCoreApplication>
#include <algorithm>

namespace kasuri::app {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Twin)
};

QString sideName(const ComparisonInfo &comparison, int side)
{
    return side == 0 ? Words::tr("before")
        : side == 1  ? Words::tr("after")
                     : comparison.sides[side].name;
}

void addTensors(Twin &twin, const PlanInfo *plan, const QString &side)
{
    if (plan == nullptr)
        return;
    for (const BufferInfo &b : plan->buffers) {
        if (b.kind != QLatin1String("arena"))
            continue;
        const bool made = b.firstStep >= 0 && b.firstStep < plan->steps.size();
        twin.rows.append({{b.name, side, b.firstStep, b.lastStep, b.offset, b.bytes},
                          made ? plan->steps[b.firstStep].sources : QStringList()});
    }
}

/// Times of all sides in run order, a row per place and side.
Twin twinOfTimes(const std::optional<ComparisonInfo> &comparison, const QString &place,
                 QVector<double> SideInfo::*times, QVector<int> SideInfo::*flagged)
{
    using Kind = Twin::Kind;
    Twin twin{{{place, Kind::Count},
               {Words::tr("Side"), Kind::Text},
               {Words::tr("ms"), Kind::Ms},
               {Words::tr("Outlier"), Kind::Text}},
              {}};
    if (!comparison)
        return twin;
    qsizetype most = 0;
    for (const SideInfo &side : comparison->sides)
        most = std::max(most, (side.*times).size());
    for (int i = 0; i < most; ++i)
        for (int s = 0; s < comparison->sides.size(); ++s) {
            const SideInfo &side = comparison->sides[s];
            if (i >= (side.*times).size())
                continue;
            const bool odd = (side.*flagged).contains(i);
            twin.rows.append({{i + 1, sideName(*comparison, s), (side.*times)[i],
                               odd ? Words::tr("outlier") : QString()},
                              {}});
        }
    return twin;
}

} // namespace

Twin twinOfTensors(const PlanInfo *before, const PlanInfo *after)
{
    using Kind = Twin::Kind;
    Twin twin{{{Words::tr("Tensor"), Kind::Text},
               {Words::tr("Side"), Kind::Text},
               {Words::tr("Birth, step"), Kind::Count},
               {Words::tr("Death, step"), Kind::Count},
               {Words::tr("Offset, bytes"), Kind::Count},
               {Words::tr("Size, bytes"), Kind::Count}},
              {}};
    addTensors(twin, before, Words::tr("before"));
    addTensors(twin, after, Words::tr("after"));
    return twin;
}

Twin twinOfRuns(const std::optional<ComparisonInfo> &comparison)
{
    return twinOfTimes(comparison, Words::tr("Run"), &SideInfo::samplesMs, &SideInfo::outlierRuns);
}

Twin twinOfBlocks(const std::optional<ComparisonInfo> &comparison)
{
    return twinOfTimes(comparison, Words::tr("Block"), &SideInfo::blockMedians,
                       &SideInfo::outlierBlocks);
}

} // namespace kasuri::app
