#pragma once

#include <QVector>

#include "app/graph/graph_item.h"

namespace kasuri::app {

/// Marks the operators that only look at their input another way and copy nothing in the plan:
/// their output is an alias there, or a kernel that does more than move data took them in.
/// `lines`: one per operator of the model.
void markViews(QVector<GraphItem> &lines, const ModelInfo &model, const PlanInfo &plan);

} // namespace kasuri::app
