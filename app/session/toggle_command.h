#pragma once

#include <QUndoCommand>

#include "app/session/document.h"

namespace kasuri::app {

/// Switches one pass, rule or site; names itself for the undo menu.
class ToggleCommand : public QUndoCommand {
public:
    ToggleCommand(Document &document, QString key, bool on)
        : QUndoCommand(on ? Document::tr("switch on %1").arg(key)
                          : Document::tr("switch off %1").arg(key)),
          document_(document), key_(std::move(key)), on_(on)
    {
    }
    void redo() override { document_.setToggle(key_, on_); }
    void undo() override { document_.setToggle(key_, !on_); }

private:
    Document &document_;
    QString key_;
    bool on_;
};

} // namespace kasuri::app
