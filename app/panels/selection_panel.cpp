#include "app/panels/selection_panel.h"

#include "app/session/units.h"

namespace kasuri::app {
namespace {

QString row(const QString &name, const QString &value)
{
    return value.isEmpty()
        ? QString()
        : QStringLiteral("<tr><td style='padding-right:12px'>%1</td><td>%2</td></tr>")
              .arg(name, value.toHtmlEscaped());
}

QString kernelFacts(const StepInfo &step)
{
    QString html = QStringLiteral("<h4>%1</h4><table>").arg(step.title.toHtmlEscaped());
    if (step.medianMs)
        html += row(SelectionPanel::tr("Median"), formatMs(*step.medianMs) + QStringLiteral(" ms"));
    html += row(SelectionPanel::tr("Backend"), step.backend);
    html += row(SelectionPanel::tr("Read"), formatBytes(step.bytesRead));
    html += row(SelectionPanel::tr("Written"), formatBytes(step.bytesWritten));
    html += row(SelectionPanel::tr("Why not faster"), step.reason);
    html += QStringLiteral("</table><p>%1</p><ul>")
                .arg(SelectionPanel::tr("Made from %1 operators").arg(step.sources.size()));
    for (const QString &node : step.sources)
        html += QStringLiteral("<li>%1</li>").arg(node.toHtmlEscaped());
    return html + QStringLiteral("</ul>");
}

} // namespace

SelectionPanel::SelectionPanel(QWidget *parent) : QTextBrowser(parent)
{
    setFrameStyle(QFrame::NoFrame);
    setAccessibleName(tr("Selection"));
    setPlaceholderText(tr("Nothing selected. Click an operator, or walk with the arrow keys."));
}

void SelectionPanel::show(const DocumentState &state, const QStringList &operators)
{
    if (operators.isEmpty() || !state.model)
        return clear();
    QString html;
    const QSet<QString> wanted(operators.begin(), operators.end());
    for (const auto &plan : {state.after, state.before}) {
        if (!plan)
            continue;
        int shown = 0;
        for (const StepInfo &step : plan->steps)
            for (const QString &node : step.sources)
                if (wanted.contains(node)) {
                    if (shown++ < 3)
                        html += QStringLiteral("<p><b>%1</b></p>")
                                    .arg(plan == state.after ? tr("After") : tr("Before"))
                            + kernelFacts(step);
                    break;
                }
    }
    for (const OperatorInfo &op : state.model->operators)
        if (operators.size() == 1 && op.sources.contains(operators.first()))
            html += QStringLiteral("<h4>%1</h4><table>").arg(op.name.toHtmlEscaped())
                + row(tr("Type"), op.type) + row(tr("Output"), op.output)
                + row(tr("Scope"), op.scope) + row(tr("Attributes"), op.attributes)
                + row(tr("Cannot run"), op.unsupported) + QStringLiteral("</table>");
    setHtml(html);
}

} // namespace kasuri::app
