#pragma once

#include <QString>
#include <QVector>

#include "app/graph/graph_item.h"
#include "app/graph/scope_tree.h"

namespace kasuri::app {

/// A value that one item makes and another reads.
struct GraphLink {
    int from = 0;
    int to = 0;
    qint64 bytes = 0;
    QString label; ///< "float32[1,128,768] · 384 KiB"
};

/// What there is to draw of one version, before anything is folded or placed. Items are in an
/// order in which producers come first.
struct GraphContent {
    QVector<GraphItem> items;
    QVector<GraphLink> links;
    ScopeTree scopes;
};

/// Operators as lines ("before").
GraphContent contentOfOperators(const ModelInfo &model, const QVector<HandGroup> &groups = {});
/// A plan's kernels as cards ("after"); scopes are those of the operators they perform.
GraphContent contentOfKernels(const PlanInfo &plan, const ModelInfo &model,
                              const QVector<HandGroup> &groups = {});

} // namespace kasuri::app
