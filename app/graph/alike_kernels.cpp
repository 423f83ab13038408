#include "app/graph/alike_kernels.h"

#include <algorithm>
#include <numeric>

namespace kasuri::app {
namespace {

/// The smallest item each one is united with.
class Classes {
public:
    explicit Classes(int count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0); }

    int of(int item)
    {
        while (parent_[item] != item)
            item = parent_[item] = parent_[parent_[item]];
        return item;
    }
    void unite(int a, int b)
    {
        a = of(a);
        b = of(b);
        parent_[std::max(a, b)] = std::min(a, b);
    }

private:
    QVector<int> parent_;
};

} // namespace

QVector<int> alikeItems(const GraphContent &content)
{
    Classes classes(int(content.items.size()));
    for (const ScopeGroup &run : content.scopes.groups) {
        if (!run.isRun)
            continue;
        const QVector<int> &first = content.scopes.groups[run.groups.first()].alike;
        for (int block : run.groups) {
            const QVector<int> &here = content.scopes.groups[block].alike;
            for (int k = 0; k < std::min(first.size(), here.size()); ++k)
                classes.unite(first[k], here[k]);
        }
    }
    QVector<int> alike;
    for (int item = 0; item < content.items.size(); ++item)
        alike.append(classes.of(item));
    return alike;
}

} // namespace kasuri::app
