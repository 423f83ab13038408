#pragma once

#include <QUndoCommand>
#include <utility>

#include "app/session/document.h"

namespace kasuri::app {

/// Changes what both sides are planned for: threads, dynamic dimensions, inputs, requirements.
class TargetCommand : public QUndoCommand {
public:
    TargetCommand(Document &document, const QString &text, Target target)
        : QUndoCommand(text), document_(document), target_(std::move(target)),
          old_(document.state().target)
    {
    }
    void redo() override { document_.applyTarget(target_); }
    void undo() override { document_.applyTarget(old_); }

private:
    Document &document_;
    Target target_, old_;
};

} // namespace kasuri::app
