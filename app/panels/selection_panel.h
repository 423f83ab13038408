#pragma once

#include <QTextBrowser>

#include "app/session/document.h"

namespace kasuri::app {

/// Facts of the selected operators and the kernel that performs them.
class SelectionPanel : public QTextBrowser {
    Q_OBJECT
public:
    explicit SelectionPanel(QWidget *parent = nullptr);
    void show(const DocumentState &state, const QStringList &operators);
};

} // namespace kasuri::app
