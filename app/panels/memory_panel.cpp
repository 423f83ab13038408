#include "app/panels/memory_panel.h"

#include <QHBoxLayout>
#include <QSplitter>
#include <QTabBar>
#include <QVBoxLayout>

#include "app/panels/live_set_list.h"

namespace kasuri::app {

MemoryPanel::MemoryPanel(const Theme &theme, QWidget *parent)
    : QWidget(parent), timeline_(new MemoryTimeline(theme, this)),
      live_(new LiveSetList(theme, this)), modes_(new QTabBar(this))
{
    timeline_->setObjectName(QStringLiteral("memoryTimeline"));
    for (const QString &name : {tr("Stacked"), tr("Lifetimes"), tr("Arena map"), tr("Difference")})
        modes_->addTab(name);
    modes_->setObjectName(QStringLiteral("memoryModes"));
    modes_->setCurrentIndex(int(timeline_->mode()));
    auto *split = new QSplitter(this);
    split->addWidget(timeline_);
    split->addWidget(live_);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 1);
    split->setSizes({860, 300});
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 0, 8, 0);
    row->addStretch();
    row->addWidget(modes_);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(split, 1);
    connect(modes_, &QTabBar::currentChanged, this,
            [this](int mode) { timeline_->setMode(MemoryMode(mode)); });
    connect(timeline_, &MemoryTimeline::modeChanged, this,
            [this](MemoryMode mode) { modes_->setCurrentIndex(int(mode)); });
    connect(timeline_, &MemoryTimeline::stepChosen, this, &MemoryPanel::showStep);
}

void MemoryPanel::setPlans(std::shared_ptr<const PlanInfo> before,
                           std::shared_ptr<const PlanInfo> after)
{
    timeline_->setPlans(std::move(before), std::move(after));
}

void MemoryPanel::selectOperators(const QStringList &operators)
{
    timeline_->selectOperators(operators);
}

void MemoryPanel::showStep(int step)
{
    const MemoryScene &scene = timeline_->scene();
    live_->show(scene, step, timeline_->cursorX());
    if (!scene.empty() && timeline_->hasFocus() && step < scene.front().plan->steps.size())
        emit operatorsSelected(scene.front().plan->steps[step].sources);
}

} // namespace kasuri::app
