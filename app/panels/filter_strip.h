#pragma once

#include <QWidget>

class QLabel;

namespace kasuri::app {

/// A line above the canvas that says what the views are filtered to, and ends it. Hidden while
/// nothing is.
class FilterStrip : public QWidget {
    Q_OBJECT
public:
    explicit FilterStrip(QWidget *parent = nullptr);
    void setFilter(const QString &words, int operators); ///< no words: no filter

signals:
    void cleared();

private:
    QLabel *words_;
};

} // namespace kasuri::app
