#pragma once

#include <QUndoCommand>

#include "app/session/document.h"

namespace kasuri::app {

/// Changes what both sides are planned for: threads and dynamic dimensions.
class TargetCommand : public QUndoCommand {
public:
    using Dims = QMap<QString, qint64>;

    TargetCommand(Document &document, const QString &text, int threads, Dims dims)
        : QUndoCommand(text), document_(document), threads_(threads), dims_(std::move(dims)),
          oldThreads_(document.state().threads), oldDims_(document.state().givenDims)
    {
    }
    void redo() override { document_.setTarget(threads_, dims_); }
    void undo() override { document_.setTarget(oldThreads_, oldDims_); }

private:
    Document &document_;
    int threads_;
    Dims dims_;
    int oldThreads_;
    Dims oldDims_;
};

} // namespace kasuri::app
