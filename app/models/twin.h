#pragma once

#include <QStringList>
#include <QVariant>
#include <QVector>

#include "app/session/comparison_data.h"
#include "app/session/workbench_data.h"

namespace kasuri::app {

/// What a picture shows, as rows: the same facts for eyes that read, screen readers and
/// spreadsheets.
struct Twin {
    enum class Kind { Text, Count, Ms };
    struct Column {
        QString head;
        Kind kind = Kind::Text;
    };
    struct Row {
        QVector<QVariant> cells; ///< one per column; not valid where the value is unknown
        QStringList operators; ///< imported operators the row is about: what views link by
    };
    QVector<Column> columns;
    QVector<Row> rows;
};

/// Every tensor of the arena: side, steps of its birth and death (as counted from 0 by the memory
/// views), offset and size in bytes. Plans may be null. A row links to the operators that make the
/// tensor.
Twin twinOfTensors(const PlanInfo *before, const PlanInfo *after);
/// Every measured run, in run order, as the histogram counts them.
Twin twinOfRuns(const std::optional<ComparisonInfo> &comparison);
/// Every measured block, in run order, as the scatter shows them.
Twin twinOfBlocks(const std::optional<ComparisonInfo> &comparison);

} // namespace kasuri::app
