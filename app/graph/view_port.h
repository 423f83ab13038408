#pragma once

#include <QPointF>
#include <QRectF>
#include <algorithm>

namespace kasuri::app {

/// Which part of a scene a canvas shows, and how large.
class ViewPort {
public:
    double scale() const { return scale_; }
    QPointF offset() const { return offset_; }
    QPointF toScene(const QPointF &pixel) const { return (pixel - offset_) / scale_; }
    QPointF toPixel(const QPointF &point) const { return point * scale_ + offset_; }
    QRectF toPixel(const QRectF &box) const
    {
        return QRectF(toPixel(box.topLeft()), box.size() * scale_);
    }
    QRectF toScene(const QRectF &pixels) const
    {
        return QRectF(toScene(pixels.topLeft()), pixels.size() / scale_);
    }

    void moveTo(const QPointF &offset) { offset_ = offset; }
    /// Enlarges by `factor`; what is under `pixel` stays there. `least` is the smallest scale.
    void zoomAt(const QPointF &pixel, double factor, double least)
    {
        const double next = std::clamp(scale_ * factor, least, kLargest);
        offset_ = pixel - (pixel - offset_) * (next / scale_);
        scale_ = next;
    }
    /// Puts the middle of `box` into the middle of `room`, at `scale`.
    void centre(const QPointF &point, const QPointF &middle, double scale)
    {
        scale_ = scale;
        offset_ = middle - point * scale;
    }

private:
    static constexpr double kLargest = 4;
    double scale_ = 1;
    QPointF offset_;
};

} // namespace kasuri::app
