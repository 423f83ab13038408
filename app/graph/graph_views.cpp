#include "app/graph/graph_views.h"

#include <QSet>
#include <algorithm>

namespace kasuri::app {
namespace {

/// Can it be done by looking at the same bytes in another way?
bool mayBeView(const OperatorInfo &op)
{
    static const QSet<QString> kTypes{
        QStringLiteral("Reshape"),      QStringLiteral("Squeeze"),     QStringLiteral("Unsqueeze"),
        QStringLiteral("Flatten"),      QStringLiteral("Expand"),      QStringLiteral("Transpose"),
        QStringLiteral("Identity"),     QStringLiteral("Slice"),       QStringLiteral("Split"),
        QStringLiteral("DepthToSpace"), QStringLiteral("SpaceToDepth")};
    return kTypes.contains(op.type);
}

QSet<QString> aliasesOf(const PlanInfo &plan)
{
    QSet<QString> names;
    for (const BufferInfo &buffer : plan.buffers)
        if (buffer.kind == QLatin1String("alias"))
            names.insert(buffer.name);
    return names;
}

bool allIn(const QStringList &names, const QSet<QString> &set)
{
    return !names.isEmpty() && std::all_of(names.begin(), names.end(), [&](const QString &name) {
        return set.contains(name);
    });
}

bool someIn(const QStringList &names, const QSet<QString> &set)
{
    return std::any_of(names.begin(), names.end(),
                       [&](const QString &name) { return set.contains(name); });
}

} // namespace

void markViews(QVector<GraphItem> &lines, const ModelInfo &model, const PlanInfo &plan)
{
    QSet<QString> working; // operators that do more than look at their input
    for (const OperatorInfo &op : model.operators)
        if (!mayBeView(op))
            working.unite({op.sources.begin(), op.sources.end()});
    QSet<QString> copied, absorbed;
    for (const StepInfo &step : plan.steps)
        (someIn(step.sources, working) ? absorbed : copied)
            .unite({step.sources.begin(), step.sources.end()});
    const QSet<QString> aliases = aliasesOf(plan);
    for (int i = 0; i < lines.size() && i < model.operators.size(); ++i) {
        const OperatorInfo &op = model.operators[i];
        lines[i].isView = mayBeView(op) && !someIn(op.sources, copied)
            && (allIn(op.outputs, aliases) || allIn(op.sources, absorbed));
    }
}

} // namespace kasuri::app
