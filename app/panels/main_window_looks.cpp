// How the window looks and what it looks at: appearance, and the way back through filters, zooms
// and selections.
#include <QLabel>
#include <QScopedValueRollback>
#include <QTimer>
#include <cmath>

#include "app/charts/kernel_timeline.h"
#include "app/charts/memory_timeline.h"
#include "app/graph/graph_canvas.h"
#include "app/panels/graph_pane.h"
#include "app/panels/main_window.h"
#include "app/panels/memory_panel.h"
#include "app/panels/operators_panel.h"
#include "app/panels/time_panel.h"
#include "app/style/appearance.h"

namespace kasuri::app {
namespace {

constexpr int kSettledMs = 350; ///< without a move, the user looks at something
constexpr double kSameZoom = 0.02;

bool sameZoom(double a, double b)
{
    return std::abs(std::log(a / b)) < kSameZoom;
}

bool sameSpan(const AxisWindow &a, const AxisWindow &b)
{
    return sameZoom(a.span(), b.span());
}

} // namespace

void MainWindow::linkLooks()
{
    auto *settled = new QTimer(this);
    settled->setSingleShot(true);
    settled->setInterval(kSettledMs);
    connect(settled, &QTimer::timeout, this, &MainWindow::settle);
    connect(graph_, &GraphPane::looked, settled, qOverload<>(&QTimer::start));
    connect(memory_->timeline(), &MemoryTimeline::looked, settled, qOverload<>(&QTimer::start));
    connect(time_->timeline(), &KernelTimeline::looked, settled, qOverload<>(&QTimer::start));
    const auto take = [this](const QStringList &operators, const QString &words) {
        narrow({words, operators});
    };
    connect(memory_->timeline(), &MemoryTimeline::rangeTaken, this, take);
    connect(time_->timeline(), &KernelTimeline::rangeTaken, this, take);
}

MainWindow::Place MainWindow::here() const
{
    return {selected_,
            operators_->filter(),
            within_,
            int(memory_->timeline()->mode()),
            memory_->timeline()->window(),
            time_->timeline()->window(),
            graph_->front()->anchor()};
}

void MainWindow::visit()
{
    if (!going_)
        history_.visit(here());
}

/// Another zoom is a step of its own; where only the picture was moved, the step ends there.
void MainWindow::settle()
{
    const Place now = here(), *last = history_.here();
    if (last && last->operators == now.operators && last->filter == now.filter
        && last->within == now.within && last->memoryMode == now.memoryMode
        && sameSpan(last->memory, now.memory) && sameSpan(last->time, now.time)
        && sameZoom(last->look.scale, now.look.scale))
        history_.amend(now);
    else
        history_.visit(now);
}

void MainWindow::goBack(int direction)
{
    const Place *place = history_.go(direction);
    if (place == nullptr)
        return status_->setText(direction < 0 ? tr("Nothing further back.")
                                              : tr("Nothing further on."));
    const QScopedValueRollback guard(going_, true);
    const Place there = *place;
    operators_->setFilter(there.filter);
    showFilter(there.within);
    memory_->timeline()->setMode(MemoryMode(there.memoryMode));
    memory_->timeline()->setWindow(there.memory);
    time_->timeline()->setWindow(there.time);
    linkSelection(there.operators);
    graph_->front()->follow(there.look, Follow::Exactly);
}

void MainWindow::showAppearance(Theme::Appearance appearance)
{
    setAppearance(theme_, appearance);
    refresh();
}

} // namespace kasuri::app
