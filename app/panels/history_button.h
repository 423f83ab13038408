#pragma once

#include <QToolButton>

namespace kasuri::app {

/// Takes back or does again: an arrow that turns round, in the colour of text. What it does and
/// says comes from its action.
class HistoryButton : public QToolButton {
    Q_OBJECT
public:
    enum class Way { Back, Again };
    HistoryButton(Way way, QWidget *parent);

protected:
    void paintEvent(QPaintEvent *) override;

private:
    Way way_;
};

} // namespace kasuri::app
