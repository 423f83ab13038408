#pragma once

#include <QTextBrowser>
#include <QVector>

#include "app/session/document.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// Facts of the selected operators and the kernels that perform them: times of both versions, what
/// a kernel was made from and by which rule, the tensors alive while it runs. Names are links.
class SelectionPanel : public QTextBrowser {
    Q_OBJECT
public:
    SelectionPanel(const Theme &theme, QWidget *parent = nullptr);
    void show(const DocumentState &state, const QStringList &operators);

signals:
    void operatorsSelected(const QStringList &operators);

private:
    const Theme &theme_;
    QVector<QStringList> links_; ///< what the links of the text select
};

} // namespace kasuri::app
