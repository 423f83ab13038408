#include "app/charts/latency_chart.h"

#include <QChart>
#include <QScatterSeries>
#include <QValueAxis>
#include <algorithm>

#include "app/charts/latency_histogram.h"

namespace kasuri::app {

LatencyChart::LatencyChart(const Theme &theme, QWidget *parent) : QChartView(parent), theme_(theme)
{
    setRenderHint(QPainter::Antialiasing);
    setFrameStyle(QFrame::NoFrame);
    setAccessibleName(tr("Measured blocks in run order"));
    chart()->setMargins({4, 4, 4, 4});
    chart()->setBackgroundRoundness(0);
    setComparison(std::nullopt);
}

void LatencyChart::setComparison(const std::optional<ComparisonInfo> &comparison)
{
    QChart *c = chart();
    c->removeAllSeries();
    for (QAbstractAxis *axis : c->axes())
        c->removeAxis(axis);
    c->setBackgroundBrush(theme_.color(QStringLiteral("canvas")));
    c->setTitleBrush(theme_.color(QStringLiteral("text.2")));
    c->setTitle(comparison ? tr("Milliseconds per run, by block")
                           : tr("No measurement yet. F5 measures."));
    setAccessibleDescription(LatencyHistogram::wordsOf(comparison));
    c->legend()->setVisible(comparison.has_value());
    c->legend()->setLabelColor(theme_.color(QStringLiteral("text.2")));
    if (!comparison)
        return;
    double top = 0;
    const auto add = [&](const QVector<double> &samples, const QString &name, const QString &token,
                         QScatterSeries::MarkerShape shape) {
        auto *series = new QScatterSeries;
        series->setName(name);
        series->setMarkerSize(7);
        series->setMarkerShape(shape);
        series->setColor(theme_.color(token));
        series->setBorderColor(theme_.color(QStringLiteral("canvas")));
        for (int i = 0; i < samples.size(); ++i) {
            series->append(i + 1, samples[i]);
            top = std::max(top, samples[i]);
        }
        c->addSeries(series);
    };
    add(comparison->beforeSamples, tr("before"), QStringLiteral("before.mark"),
        QScatterSeries::MarkerShapeCircle);
    add(comparison->afterSamples, tr("after"), QStringLiteral("after.mark"),
        QScatterSeries::MarkerShapeRectangle);
    auto *x = new QValueAxis;
    x->setLabelFormat(QStringLiteral("%d"));
    x->setTitleText(tr("block"));
    x->setRange(
        0, double(std::max(comparison->beforeSamples.size(), comparison->afterSamples.size())) + 1);
    auto *y = new QValueAxis;
    y->setTitleText(tr("ms"));
    y->setRange(0, top * 1.1 + 1e-6);
    y->applyNiceNumbers();
    for (QValueAxis *axis : {x, y}) {
        axis->setLabelsColor(theme_.color(QStringLiteral("text.2")));
        axis->setTitleBrush(theme_.color(QStringLiteral("text.2")));
        axis->setGridLineColor(theme_.color(QStringLiteral("line")));
        axis->setLinePenColor(theme_.color(QStringLiteral("line.strong")));
    }
    c->addAxis(x, Qt::AlignBottom);
    c->addAxis(y, Qt::AlignLeft);
    for (QAbstractSeries *series : c->series()) {
        series->attachAxis(x);
        series->attachAxis(y);
    }
}

} // namespace kasuri::app
