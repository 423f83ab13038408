#pragma once

#include <QRectF>
#include <QVector>

namespace kasuri::app {

/// Finds rectangles by height without looking at all of them: graphs are tall. Numbers are given
/// in the order of insertion.
class BandIndex {
public:
    void add(const QRectF &box);
    /// Calls `visit(number)` once for each rectangle that meets `area`.
    template <class Visit> void forEach(const QRectF &area, Visit visit) const;

private:
    static constexpr double kBand = 512;
    static int band(double y) { return y <= 0 ? 0 : int(y / kBand); }

    QVector<QRectF> boxes_;
    QVector<QVector<int>> bands_;
};

template <class Visit> void BandIndex::forEach(const QRectF &area, Visit visit) const
{
    const int first = band(area.top()),
              last = std::min(band(area.bottom()), int(bands_.size()) - 1);
    for (int b = first; b <= last; ++b)
        for (int number : bands_[b]) {
            // Seen already in a higher band.
            const QRectF &box = boxes_[number];
            if (b > first && band(box.top()) < b)
                continue;
            if (box.left() <= area.right() && box.right() >= area.left()
                && box.top() <= area.bottom() && box.bottom() >= area.top())
                visit(number);
        }
}

} // namespace kasuri::app
