#pragma once

#include <QString>
#include <QVector>
#include <functional>

#include "app/graph/graph_item.h"

namespace kasuri::app {

/// What a search text asks for: words that all must hold.
///
///   relu            in name, type, scope, shape or attributes
///   type:Conv  name:encoder  scope:layer.3  shape:64,56  dtype:float16  backend:cpu  attr:group=2
///   /conv_?\d+/     a regular expression; also after a field: type:/^Re/
///   ms>0.5  ms:0.1..2  bytes>=1MiB  fused>3  heat<10     values and ranges
///   change:fused    what became of it
///
/// A word that is no valid expression is looked for as it stands.
class GraphQuery {
public:
    explicit GraphQuery(const QString &text);
    bool isEmpty() const { return tests_.isEmpty(); }
    bool matches(const GraphItem &item) const;

private:
    using Test = std::function<bool(const GraphItem &)>;
    QVector<Test> tests_;
};

/// Numbers of the items found, in the order of the content.
QVector<int> searchItems(const QVector<GraphItem> &items, const QString &text);

} // namespace kasuri::app
