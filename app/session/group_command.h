#pragma once

#include <QUndoCommand>
#include <utility>

#include "app/session/document.h"

namespace kasuri::app {

/// Draws operators together in the graph, or lets a group go.
class GroupCommand : public QUndoCommand {
public:
    GroupCommand(Document &document, const QString &text, QVector<HandGroup> groups)
        : QUndoCommand(text), document_(document), groups_(std::move(groups)),
          old_(document.state().groups)
    {
    }
    void redo() override { document_.applyGroups(groups_); }
    void undo() override { document_.applyGroups(old_); }

private:
    Document &document_;
    QVector<HandGroup> groups_, old_;
};

} // namespace kasuri::app
