#include "app/panels/time_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/charts/kernel_timeline.h"
#include "app/charts/latency_chart.h"
#include "app/charts/latency_histogram.h"
#include "app/panels/picture_menu.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kDriftNoise = 0.02;

double medianOf(QVector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.isEmpty() ? 0 : values[values.size() / 2];
}

/// The last third of the blocks against the first.
QString driftOf(const SideInfo &side)
{
    const qsizetype third = side.blockMedians.size() / 3;
    if (third < 3)
        return TimePanel::tr("drift –");
    const double first = medianOf(side.blockMedians.first(third)),
                 last = medianOf(side.blockMedians.last(third));
    if (first <= 0 || std::abs(last / first - 1) < kDriftNoise)
        return TimePanel::tr("no drift");
    return TimePanel::tr("drift %1").arg(formatSignedPercent(last / first - 1));
}

QString sideSentence(const QString &name, const SideInfo &side)
{
    const auto ms
        = [](const std::optional<double> &v) { return v ? formatMs(*v) : QStringLiteral("–"); };
    QString text
        = TimePanel::tr("%1: first run %2 ms, then median %3, p90 %4, %5")
              .arg(name, ms(side.firstRunMs), ms(side.medianMs), ms(side.p90Ms), driftOf(side));
    if (side.outliers > 0)
        text += TimePanel::tr(", %1 of %2 runs flagged as outliers")
                    .arg(side.outliers)
                    .arg(side.samples);
    return text;
}

QString overheadSentence(const PlanInfo &plan)
{
    return TimePanel::tr("profile: %1 ms instrumented, %2 ms plain, overhead %3, %4 runs")
        .arg(formatMs(plan.profile->totalMs), formatMs(plan.profile->plainMs),
             formatSignedPercent(plan.profile->overhead))
        .arg(plan.profile->runs);
}

} // namespace

TimePanel::TimePanel(const Theme &theme, QWidget *parent)
    : QWidget(parent), timeline_(new KernelTimeline(theme, this)),
      histogram_(new LatencyHistogram(theme, this)), scatter_(new LatencyChart(theme, this)),
      modes_(new QTabBar(this)), pages_(new QStackedWidget(this)), summary_(new QLabel(this))
{
    for (const QString &name : {tr("Kernels"), tr("Histogram"), tr("Run order")})
        modes_->addTab(name);
    modes_->setObjectName(QStringLiteral("timeModes"));
    for (QWidget *page : std::initializer_list<QWidget *>{timeline_, histogram_, scatter_}) {
        pages_->addWidget(page);
        addPictureMenu(page);
    }
    summary_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    summary_->setObjectName(QStringLiteral("timeSummary"));
    summary_->setWordWrap(true);
    summary_->setMinimumWidth(100);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(12, 2, 8, 2);
    row->addWidget(summary_, 1);
    row->addWidget(modes_, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(pages_, 1);
    connect(modes_, &QTabBar::currentChanged, pages_, &QStackedWidget::setCurrentIndex);
    connect(timeline_, &KernelTimeline::operatorsSelected, this, &TimePanel::operatorsSelected);
}

void TimePanel::show(const DocumentState &state)
{
    timeline_->setPlans(state.before, state.after);
    histogram_->setComparison(state.comparison);
    scatter_->setComparison(state.comparison);
    QStringList lines;
    if (state.comparison) {
        lines << sideSentence(tr("before"), state.comparison->sides[0])
              << sideSentence(tr("after"), state.comparison->sides[1]);
    }
    if (state.after && state.after->profile)
        lines << overheadSentence(*state.after);
    summary_->setText(lines.isEmpty() ? tr("Nothing timed yet. F5 measures.")
                                      : lines.join(QStringLiteral("\n")));
}

void TimePanel::selectOperators(const QStringList &operators)
{
    timeline_->selectOperators(operators);
}

QString TimePanel::summary() const
{
    return summary_->text();
}

} // namespace kasuri::app
