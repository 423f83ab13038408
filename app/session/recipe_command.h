#pragma once

#include <QUndoCommand>
#include <utility>

#include "app/session/document.h"

namespace kasuri::app {

/// Changes the recipe: one switch, the lock, or a recipe as a whole.
class RecipeCommand : public QUndoCommand {
public:
    RecipeCommand(Document &document, const QString &text, RecipeState recipe)
        : QUndoCommand(text), document_(document), recipe_(std::move(recipe)),
          old_(document.state().recipe)
    {
    }
    void redo() override { document_.applyRecipe(recipe_); }
    void undo() override { document_.applyRecipe(old_); }

private:
    Document &document_;
    RecipeState recipe_, old_;
};

} // namespace kasuri::app
