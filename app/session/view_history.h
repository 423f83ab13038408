#pragma once

#include <QVector>

namespace kasuri::app {

/// Where the user was: one line of steps back and forth for all views. A step taken after going
/// back forgets what lay ahead.
template <class Point> class ViewHistory {
public:
    /// Steps equal to the current one are not kept.
    void visit(const Point &point)
    {
        if (at_ >= 0 && points_[at_] == point)
            return;
        points_.resize(at_ + 1);
        points_.append(point);
        if (points_.size() > kMost)
            points_.removeFirst();
        at_ = int(points_.size()) - 1;
    }
    /// The current step is looked at differently: no step of its own.
    void amend(const Point &point)
    {
        if (at_ >= 0)
            points_[at_] = point;
    }
    /// Nothing before the first visit.
    const Point *here() const { return at_ < 0 ? nullptr : &points_[at_]; }
    /// Nothing at either end.
    const Point *go(int direction)
    {
        const int next = at_ + direction;
        if (next < 0 || next >= points_.size())
            return nullptr;
        at_ = next;
        return &points_[at_];
    }

private:
    static constexpr int kMost = 200;
    QVector<Point> points_;
    int at_ = -1;
};

} // namespace kasuri::app
