#include "app/graph/repetition.h"

#include <algorithm>

#include "app/graph/graph_item.h"

namespace kasuri::app {
namespace {

constexpr int kShortestPeriod = 4, kLongestPeriod = 2000, kFewestBlocks = 3;

/// The longest stretch in which every item equals the one `period` later.
Repetition stretchOf(const QVector<size_t> &kinds, int period)
{
    Repetition best{0, period, 0};
    int run = 0, longest = 0;
    for (int i = 0; i + period < kinds.size(); ++i) {
        run = kinds[i] == kinds[i + period] ? run + 1 : 0;
        if (run <= longest)
            continue;
        longest = run;
        best.first = i - run + 1;
        best.times = run / period + 1;
    }
    return best;
}

} // namespace

Repetition longestRepetition(const QVector<GraphItem> &items)
{
    QVector<size_t> kinds;
    for (const GraphItem &item : items)
        kinds.append(qHashMulti(size_t(0), item.type, item.output, item.bytes));
    Repetition best;
    const int longest = std::min(kLongestPeriod, int(items.size()) / kFewestBlocks);
    for (int period = kShortestPeriod; period <= longest; ++period) {
        const Repetition found = stretchOf(kinds, period);
        // A multiple of a period repeats too: it must cover more to be taken.
        if (found.times >= kFewestBlocks
            && found.times * found.period > best.times * best.period + best.period)
            best = found;
    }
    return best;
}

} // namespace kasuri::app
