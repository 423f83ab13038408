#include "app/graph/band_index.h"

namespace kasuri::app {

void BandIndex::add(const QRectF &box)
{
    const int first = band(box.top()), last = band(box.bottom());
    if (last >= bands_.size())
        bands_.resize(last + 1);
    for (int b = first; b <= last; ++b)
        bands_[b].append(int(boxes_.size()));
    boxes_.append(box);
}

} // namespace kasuri::app
