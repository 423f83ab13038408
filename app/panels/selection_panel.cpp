#include "app/panels/selection_panel.h"

#include <QUrl>

#include "app/panels/selection_facts.h"
#include "app/style/font_scale.h"

namespace kasuri::app {
namespace {

constexpr int kHistogramWidth = 248, kHistogramHeight = 60;

} // namespace

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
    const QString html = facts.html();
    runs_ = facts.runs();
    setHtml(html);
    links_ = facts.links();
}

/// The histogram is drawn when the text asks for it.
QVariant SelectionPanel::loadResource(int type, const QUrl &name)
{
    if (type != QTextDocument::ImageResource
        || name.toString() != QLatin1String(SelectionFacts::kHistogram))
        return QTextBrowser::loadResource(type, name);
    return stepHistogram(runs_, theme_, font(), {scaledPx(kHistogramWidth), kHistogramHeight},
                         devicePixelRatioF());
}

} // namespace kasuri::app
