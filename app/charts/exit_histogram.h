#pragma once

#include <QWidget>

#include "app/session/exit_data.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// The share of samples that leaves at each exit for one place of the slider; the certified choice
/// stays as an outline. The last bar, the full model, has the colour of what was before.
class ExitHistogram : public QWidget {
    Q_OBJECT
public:
    explicit ExitHistogram(const Theme &theme, QWidget *parent = nullptr);

    void setExits(const QStringList &names, const QVector<double> &shown,
                  const QVector<double> &certified);
    const QVector<double> &shown() const { return shown_; }
    QString asText() const; ///< tab-separated
    QSize sizeHint() const override { return {300, 120}; }

protected:
    void paintEvent(QPaintEvent *) override;

private:
    const Theme &theme_;
    QStringList names_;
    QVector<double> shown_, certified_;
};

} // namespace kasuri::app
