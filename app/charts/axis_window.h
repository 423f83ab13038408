#pragma once

#include <algorithm>

namespace kasuri::app {

/// The part of an axis that a chart shows, in shares of the whole.
struct AxisWindow {
    double from = 0, to = 1;

    bool operator==(const AxisWindow &) const = default;
    double span() const { return to - from; }
    bool whole() const { return from <= 0 && to >= 1; }
    double share(double at) const { return from + at * span(); } ///< `at`: 0..1 of what is shown
    double place(double share) const { return (share - from) / span(); }

    /// Shows `factor` of what was shown; what stands at `at` stays there. Never less than `least`.
    AxisWindow zoomed(double at, double factor, double least) const
    {
        const double next = std::clamp(span() * factor, least, 1.0);
        return starting(share(at) - at * next, next);
    }
    AxisWindow moved(double by) const { return starting(from + by, span()); }
    /// As wide as this, with all of `first`..`last` in it where that has room.
    AxisWindow showing(double first, double last) const
    {
        return first >= from && last <= to ? *this : starting(first - span() / 3, span());
    }

private:
    static AxisWindow starting(double from, double span)
    {
        const double start = std::clamp(from, 0.0, 1 - span);
        return {start, start + span};
    }
};

} // namespace kasuri::app
