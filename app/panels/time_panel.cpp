#include "app/panels/time_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/charts/kernel_timeline.h"
#include "app/charts/latency_chart.h"
#include "app/charts/latency_histogram.h"
#include "app/models/twin.h"
#include "app/panels/picture_menu.h"
#include "app/panels/twin_view.h"
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
      tables_{new TwinView(tr("Kernels as a table"), this),
              new TwinView(tr("Measured runs as a table"), this),
              new TwinView(tr("Measured blocks as a table"), this)},
      modes_(new QTabBar(this)), asTable_(new QToolButton(this)), pages_(new QStackedWidget(this)),
      summary_(new QLabel(this))
{
    for (const QString &name : {tr("Kernels"), tr("Histogram"), tr("Run order")})
        modes_->addTab(name);
    modes_->setObjectName(QStringLiteral("timeModes"));
    for (QWidget *page : std::initializer_list<QWidget *>{timeline_, histogram_, scatter_}) {
        pages_->addWidget(page);
        addPictureMenu(page);
    }
    for (TwinView *table : tables_)
        pages_->addWidget(table);
    tables_[0]->setObjectName(QStringLiteral("kernelTwin"));
    tables_[1]->setObjectName(QStringLiteral("runTwin"));
    tables_[2]->setObjectName(QStringLiteral("blockTwin"));
    asTable_->setText(tr("Table"));
    asTable_->setToolTip(tr("The picture as a table"));
    asTable_->setCheckable(true);
    asTable_->setFocusPolicy(Qt::StrongFocus);
    asTable_->setObjectName(QStringLiteral("timeAsTable"));
    summary_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    summary_->setObjectName(QStringLiteral("timeSummary"));
    summary_->setWordWrap(true);
    summary_->setMinimumWidth(100);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(12, 2, 8, 2);
    row->addWidget(summary_, 1);
    row->addWidget(asTable_, 0, Qt::AlignTop);
    row->addWidget(modes_, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(pages_, 1);
    connect(modes_, &QTabBar::currentChanged, this, &TimePanel::showPage);
    connect(asTable_, &QToolButton::toggled, this, &TimePanel::showPage);
    connect(tables_[0], &TwinView::operatorsSelected, this, &TimePanel::operatorsSelected);
    connect(timeline_, &KernelTimeline::operatorsSelected, this, &TimePanel::operatorsSelected);
}

void TimePanel::showPage()
{
    const int mode = modes_->currentIndex(), pictures = int(tables_.size());
    pages_->setCurrentIndex(asTable_->isChecked() ? pictures + mode : mode);
    fillTables();
}

/// Only the table that is seen is made.
void TimePanel::fillTables()
{
    const int mode = modes_->currentIndex();
    if (!asTable_->isChecked() || std::exchange(filled_[size_t(mode)], true))
        return;
    tables_[size_t(mode)]->show(mode == 0       ? timeline_->twin()
                                    : mode == 1 ? twinOfRuns(comparison_)
                                                : twinOfBlocks(comparison_));
    if (mode == 0)
        tables_[0]->selectOperators(selected_);
}

void TimePanel::show(const DocumentState &state)
{
    timeline_->setPlans(state.before, state.after);
    histogram_->setComparison(state.comparison);
    scatter_->setComparison(state.comparison);
    const auto textOf = [](const auto &comparison) {
        return comparison ? comparison->json.constData() : nullptr;
    };
    if (before_ != state.before || after_ != state.after
        || textOf(comparison_) != textOf(state.comparison))
        filled_.fill(false);
    comparison_ = state.comparison;
    before_ = state.before;
    after_ = state.after;
    fillTables();
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
    selected_ = operators;
    if (asTable_->isChecked() && modes_->currentIndex() == 0)
        tables_[0]->selectOperators(operators);
}

QJsonObject TimePanel::look() const
{
    return {{QStringLiteral("mode"), modes_->currentIndex()},
            {QStringLiteral("table"), asTable_->isChecked()}};
}

void TimePanel::restoreLook(const QJsonObject &look)
{
    modes_->setCurrentIndex(look.value(QLatin1String("mode")).toInt(modes_->currentIndex()));
    asTable_->setChecked(look.value(QLatin1String("table")).toBool(asTable_->isChecked()));
}

QString TimePanel::summary() const
{
    return summary_->text();
}

} // namespace kasuri::app
