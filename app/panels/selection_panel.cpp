#include "app/panels/selection_panel.h"

#include <QUrl>

#include "app/panels/selection_facts.h"

namespace kasuri::app {

SelectionPanel::SelectionPanel(const Theme &theme, QWidget *parent)
    : QTextBrowser(parent), theme_(theme)
{
    setFrameStyle(QFrame::NoFrame);
    setOpenLinks(false);
    setAccessibleName(tr("Selection"));
    setPlaceholderText(tr("Nothing selected. Click an operator, or walk with the arrow keys."));
    connect(this, &QTextBrowser::anchorClicked, this, [this](const QUrl &link) {
        emit operatorsSelected(links_.value(link.toString().toInt()));
    });
}

void SelectionPanel::show(const DocumentState &state, const QStringList &operators)
{
    links_.clear();
    if (operators.isEmpty() || !state.model)
        return clear();
    SelectionFacts facts(state, operators, theme_);
    setHtml(facts.html());
    links_ = facts.links();
}

} // namespace kasuri::app
