#include "app/panels/group_paths.h"

#include "app/graph/graph_content.h"

namespace kasuri::app {

GroupPaths groupPathsOf(const ModelInfo &model)
{
    const GraphContent content = contentOfOperators(model);
    const ScopeTree &tree = content.scopes;
    GroupPaths paths;
    for (int i = 0; i < content.items.size(); ++i) {
        QStringList path;
        for (int g = tree.groupOf[i]; g >= 0; g = tree.groups[g].parent)
            if (!tree.groups[g].isRun)
                path.prepend(tree.groups[g].title);
        if (path.isEmpty())
            continue;
        for (const QString &name : content.items[i].operators)
            paths.insert(name, path);
    }
    return paths;
}

} // namespace kasuri::app
