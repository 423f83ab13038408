#pragma once

#include <QTextBrowser>
#include <QUrl>
#include <QVariant>
#include <QVector>

#include "app/charts/step_histogram.h"
#include "app/session/document.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// Facts of the selected operators and the kernels that perform them: times of both versions, how
/// they spread over the runs, what a kernel was made from and by which rule, the tensors alive
/// while it runs. Names are links.
class SelectionPanel : public QTextBrowser {
    Q_OBJECT
public:
    SelectionPanel(const Theme &theme, QWidget *parent = nullptr);
    void show(const DocumentState &state, const QStringList &operators);

signals:
    void operatorsSelected(const QStringList &operators);

private:
    QVariant loadResource(int type, const QUrl &name) override;

    const Theme &theme_;
    StepRuns runs_; ///< of the histogram in the text
    QVector<QStringList> links_; ///< what the links of the text select
};

} // namespace kasuri::app
