#pragma once

#include <QHash>
#include <optional>

#include "app/graph/graph_geometry.h"

namespace kasuri::app {

/// Where in the picture before stand the operators an item of the picture after was made from.
class SourceHeights {
public:
    explicit SourceHeights(const GraphGeometry &before); ///< outlives this

    /// The middle of their height; nothing where none is shown. Where some stand far from the
    /// others, that of the most that stand together, rather the last ones: a kernel runs when its
    /// last source would.
    std::optional<double> of(const GraphItem &item) const;

private:
    const GraphGeometry &before_;
    QHash<QString, int> itemOfOperator_;
};

} // namespace kasuri::app
