#pragma once

#include <QVector>

namespace kasuri::app {

struct GraphItem;

/// A stretch of items that repeats itself: `times` blocks of `period` items from `first` on.
struct Repetition {
    int first = 0;
    int period = 0;
    int times = 0;
};

/// The longest stretch of at least three blocks of at least four items whose types and shapes
/// recur; period 0 where there is none.
Repetition longestRepetition(const QVector<GraphItem> &items);

} // namespace kasuri::app
