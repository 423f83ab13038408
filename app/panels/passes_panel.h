#pragma once

#include <QFont>
#include <QWidget>

#include "app/models/pass_tree_model.h"
#include "app/style/theme.h"

class QTreeView;
class QLabel;
class QAction;
class QHBoxLayout;
class QTreeWidget;
class QCheckBox;
class QComboBox;

namespace kasuri::app {

/// The pass tree with toggles; below it the law of the selected row and why sites were declined.
class PassesPanel : public QWidget {
    Q_OBJECT
public:
    PassesPanel(const Theme &theme, QWidget *parent = nullptr);

    PassTreeModel *model() { return model_; }
    QTreeView *tree() { return tree_; }
    void refresh(); ///< after the model's contents changed
    void setRecipe(const QString &recipe, bool exactOnly);
    /// What only moves data before and after, shown with the layout pass; plans may be null.
    void setMovement(const PlanInfo *before, const PlanInfo *after);
    void setHistory(QAction *undo, QAction *redo); ///< as buttons beside the recipe

signals:
    void recipeChosen(const QString &text); ///< "none"; empty: from a file
    void toggleRequested(const QString &key, bool on);
    void exactOnlyRequested(bool locked);
    void operatorsSelected(const QStringList &operators);

protected:
    void resizeEvent(QResizeEvent *) override;

private:
    void shareColumns();
    void setUpTree(const Theme &theme);
    void setUpRecipes();
    void setUpWhy();
    void showDetail(const QModelIndex &index);
    void showWhy(const QModelIndex &index);
    void showMovement(const QModelIndex &index); ///< where it belongs and there is room

    PassTreeModel *model_;
    QTreeView *tree_;
    QComboBox *recipe_;
    int shownRecipe_ = 0; ///< -1: none of the choices
    QLabel *title_, *law_, *effect_, *movement_, *whyHead_;
    QTreeWidget *why_;
    QHBoxLayout *top_;
    QFont mono_;
    QCheckBox *exact_;
};

} // namespace kasuri::app
