#include "app/panels/memory_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSet>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardItemModel>
#include <QTabBar>
#include <QVBoxLayout>
#include <QtConcurrent>
#include <algorithm>
#include <tuple>
#include <utility>

#include "app/panels/group_paths.h"
#include "app/panels/live_set_list.h"
#include "app/panels/picture_menu.h"
#include "app/panels/twin_view.h"
#include "app/session/document.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr int kPictureWidth = 860, kLiveWidth = 300, kAllWidth = 560;
const QString kBetween = QStringLiteral("   ·   ");

QString beforeAfter(const QString &name, const std::optional<qint64> &before,
                    const std::optional<qint64> &after)
{
    const auto told = [](const std::optional<qint64> &bytes) {
        return bytes ? formatBytes(*bytes) : QStringLiteral("–");
    };
    QString first = told(before);
    const QString second = told(after);
    if (first == second)
        return name + QLatin1Char(' ') + second;
    const QString unit = second.section(QLatin1Char(' '), 1);
    if (!unit.isEmpty() && first.endsWith(QLatin1Char(' ') + unit))
        first.chop(unit.size() + 1);
    return QStringLiteral("%1 %2 → %3").arg(name, first, second);
}

/// Seven kinds of memory, never added up: some hold others.
QString figuresOf(const DocumentState &state)
{
    if (!state.before || !state.after)
        return {};
    const MemoryInfo &b = state.before->memory, &a = state.after->memory;
    const auto &c = state.comparison;
    return QStringList{
        beforeAfter(MemoryPanel::tr("planned arena"), b.arenaBytes, a.arenaBytes),
        beforeAfter(MemoryPanel::tr("lower bound"), b.lowerBoundBytes, a.lowerBoundBytes),
        beforeAfter(MemoryPanel::tr("workspace"), b.workspaceBytes, a.workspaceBytes),
        beforeAfter(MemoryPanel::tr("weights"), b.weightsBytes, a.weightsBytes),
        beforeAfter(MemoryPanel::tr("packed copies"), b.packedBytes, a.packedBytes),
        beforeAfter(MemoryPanel::tr("process RSS, peak"), c ? c->rssBefore : std::nullopt,
                    c ? c->rssAfter : std::nullopt),
        MemoryPanel::tr("device – (runs on the CPU)")}
        .join(kBetween);
}

/// The operators performed by the steps that write or read a tensor or what shares its bytes.
QStringList usersOf(const PlanInfo &plan, const QString &tensor)
{
    QSet<int> shared;
    for (int b = 0; b < plan.buffers.size(); ++b) {
        int root = b;
        while (plan.buffers[root].aliasOf >= 0)
            root = plan.buffers[root].aliasOf;
        if (plan.buffers[root].name == tensor || plan.buffers[b].name == tensor)
            shared.insert(b);
    }
    const auto uses = [&](const QVector<int> &buffers) {
        return std::any_of(buffers.begin(), buffers.end(),
                           [&](int buffer) { return shared.contains(buffer); });
    };
    QStringList operators;
    for (const StepInfo &step : plan.steps)
        if (uses(step.outputs) || uses(step.inputs))
            operators += step.sources;
    operators.removeDuplicates();
    return operators;
}

} // namespace

MemoryPanel::MemoryPanel(const Theme &theme, QWidget *parent)
    : QWidget(parent), timeline_(new MemoryTimeline(theme, this)),
      live_(new LiveSetList(theme, this)), tensors_(new TwinView(tr("All tensors"), this)),
      modes_(new QTabBar(this)), scope_(new QTabBar(this)), tables_(new QStackedWidget(this)),
      split_(new QSplitter(this)), figures_(new QLabel(this)), axis_(new QComboBox(this)),
      order_(new QComboBox(this)), colors_(new QComboBox(this))
{
    timeline_->setObjectName(QStringLiteral("memoryTimeline"));
    addPictureMenu(timeline_);
    for (const QString &name : {tr("Stacked"), tr("Lifetimes"), tr("Arena map"), tr("Difference")})
        modes_->addTab(name);
    modes_->setObjectName(QStringLiteral("memoryModes"));
    modes_->setCurrentIndex(int(timeline_->mode()));
    split_->addWidget(timeline_);
    split_->addWidget(buildTables());
    split_->setStretchFactor(0, 3);
    split_->setStretchFactor(1, 1);
    split_->setSizes({kPictureWidth, kLiveWidth});
    figures_->setObjectName(QStringLiteral("memoryFigures"));
    figures_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    figures_->setWordWrap(true);
    figures_->setMinimumWidth(100);
    figures_->setContentsMargins(8, 0, 8, 2);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 0, 8, 0);
    for (QComboBox *choice : {axis_, order_, colors_})
        row->addWidget(choice);
    row->addStretch();
    row->addWidget(modes_);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(figures_);
    column->addWidget(split_, 1);
    connect(modes_, &QTabBar::currentChanged, this,
            [this](int mode) { timeline_->setMode(MemoryMode(mode)); });
    connect(timeline_, &MemoryTimeline::modeChanged, this, [this](MemoryMode mode) {
        modes_->setCurrentIndex(int(mode));
        showChoices();
    });
    connect(timeline_, &MemoryTimeline::stepChosen, this, &MemoryPanel::showStep);
    connect(timeline_, &MemoryTimeline::tensorChosen, this, &MemoryPanel::chooseTensor);
    connect(live_, &LiveSetList::tensorChosen, this, &MemoryPanel::chooseTensor);
    buildChoices();
}

void MemoryPanel::buildChoices()
{
    axis_->addItems({tr("x: source order"), tr("x: step"), tr("x: measured ms")});
    order_->addItems({tr("By birth"), tr("By size"), tr("By length of life")});
    colors_->addItems({tr("Classes"), tr("Largest tensors")});
    const std::tuple<QComboBox *, const char *, QString> boxes[]
        = {{axis_, "memoryAxis", tr("Axis of the memory timeline")},
           {order_, "lifetimeOrder", tr("Order of the lifetimes")},
           {colors_, "memoryColors", tr("What colours mean")}};
    for (const auto &[box, name, words] : boxes) {
        box->setObjectName(QString::fromLatin1(name));
        box->setAccessibleName(words);
        box->setToolTip(words);
        connect(box, &QComboBox::currentIndexChanged, this, &MemoryPanel::applyChoices);
    }
    showChoices();
}

void MemoryPanel::applyChoices()
{
    timeline_->setOptions({MemoryAxis(axis_->currentIndex()), MemoryColors(colors_->currentIndex()),
                           LifetimeOrder(order_->currentIndex())});
}

void MemoryPanel::showChoices()
{
    const MemoryMode mode = timeline_->mode();
    order_->setVisible(mode == MemoryMode::Lifetimes);
    colors_->setVisible(mode != MemoryMode::Difference);
}

/// Off the event loop; until then the axis has no names.
void MemoryPanel::nameGroups(const std::shared_ptr<const ModelInfo> &model)
{
    const auto operatorsOf = [](const auto &m) { return m ? m->operators.constData() : nullptr; };
    if (operatorsOf(model) == operatorsOf(named_))
        return;
    named_ = model;
    groups_.reset();
    if (!model)
        return;
    QtConcurrent::run([model] {
        return std::make_shared<const GroupPaths>(groupPathsOf(*model));
    }).then(this, [this, model](const std::shared_ptr<const GroupPaths> &groups) {
        if (model != named_)
            return;
        groups_ = groups;
        const MemoryScene &scene = timeline_->scene();
        timeline_->setPlans(scene.before.plan, scene.after.plan, groups_);
    });
}

QWidget *MemoryPanel::buildTables()
{
    scope_->addTab(tr("At the cursor"));
    scope_->addTab(tr("All tensors"));
    scope_->setObjectName(QStringLiteral("tensorScope"));
    scope_->setAccessibleName(tr("Tensors listed"));
    scope_->setExpanding(false);
    tensors_->setObjectName(QStringLiteral("allTensors"));
    tables_->addWidget(live_);
    tables_->addWidget(tensors_);
    auto *side = new QWidget(this);
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(scope_);
    column->addWidget(tables_, 1);
    connect(scope_, &QTabBar::currentChanged, this, [this](int all) { showTable(all == 1); });
    connect(tensors_, &TwinView::operatorsSelected, this, &MemoryPanel::operatorsSelected);
    return side;
}

/// More columns want more room.
void MemoryPanel::showTable(bool all)
{
    tables_->setCurrentIndex(all ? 1 : 0);
    if (all)
        tensors_->selectOperators(selected_);
    const int wide = all ? kAllWidth : kLiveWidth;
    split_->setSizes({kPictureWidth + kLiveWidth - wide, wide});
    fillTensors();
}

/// Thousands of rows are made only where they are seen.
void MemoryPanel::fillTensors()
{
    const MemoryScene &scene = timeline_->scene();
    const auto &before = scene.before.plan, &after = scene.after.plan;
    if (tables_->currentIndex() != 1 || (listedBefore_ == before && listedAfter_ == after))
        return;
    listedBefore_ = before;
    listedAfter_ = after;
    tensors_->show(twinOfTensors(before.get(), after.get()));
    tensors_->selectOperators(selected_);
}

void MemoryPanel::show(const DocumentState &state)
{
    nameGroups(state.model);
    timeline_->setPlans(state.before, state.after, groups_);
    const auto timed = [](const auto &plan) { return !plan || isTimed(*plan); };
    const bool measured = state.before && timed(state.before) && timed(state.after);
    auto *items = qobject_cast<QStandardItemModel *>(axis_->model());
    items->item(int(MemoryAxis::Measured))->setEnabled(measured);
    axis_->setItemData(int(MemoryAxis::Measured),
                       measured ? QString() : tr("No times yet. F6 profiles the kernels."),
                       Qt::ToolTipRole);
    fillTensors();
    figures_->setText(figuresOf(state));
    figures_->setToolTip(QString(figures_->text()).replace(kBetween, QStringLiteral("\n")));
}

/// Its bar, what makes it and what reads it.
void MemoryPanel::chooseTensor(const QString &name)
{
    timeline_->selectTensor(name);
    const MemoryScene &scene = timeline_->scene();
    for (const auto &plan : {scene.front().plan, scene.before.plan})
        if (const QStringList operators = plan ? usersOf(*plan, name) : QStringList();
            !operators.isEmpty()) {
            ofTensor_ = operators;
            return emit operatorsSelected(operators);
        }
}

void MemoryPanel::selectOperators(const QStringList &operators)
{
    if (operators != ofTensor_)
        timeline_->selectTensor({});
    timeline_->selectOperators(operators);
    selected_ = operators;
    if (tables_->currentIndex() == 1)
        tensors_->selectOperators(operators);
}

QJsonObject MemoryPanel::look() const
{
    return {{QStringLiteral("mode"), modes_->currentIndex()},
            {QStringLiteral("table"), scope_->currentIndex()},
            {QStringLiteral("axis"), axis_->currentIndex()},
            {QStringLiteral("order"), order_->currentIndex()},
            {QStringLiteral("colors"), colors_->currentIndex()}};
}

void MemoryPanel::restoreLook(const QJsonObject &look)
{
    modes_->setCurrentIndex(look.value(QLatin1String("mode")).toInt(modes_->currentIndex()));
    scope_->setCurrentIndex(look.value(QLatin1String("table")).toInt(scope_->currentIndex()));
    for (const auto &[box, key] :
         {std::pair(axis_, "axis"), std::pair(order_, "order"), std::pair(colors_, "colors")})
        box->setCurrentIndex(look.value(QLatin1String(key)).toInt(box->currentIndex()));
}

void MemoryPanel::showStep(int step)
{
    const MemoryScene &scene = timeline_->scene();
    const PlanSpans &spans = scene.front();
    live_->show(scene, step, scene.empty() ? 0 : (spans.start(step) + spans.ends[step]) / 2);
    if (!scene.empty() && timeline_->hasFocus() && step < scene.front().plan->steps.size())
        emit operatorsSelected(scene.front().plan->steps[step].sources);
}

} // namespace kasuri::app
