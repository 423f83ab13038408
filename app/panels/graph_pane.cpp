#include "app/panels/graph_pane.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QScopedValueRollback>
#include <QSplitter>
#include <QTabBar>
#include <QtConcurrent>

#include "app/graph/graph_canvas.h"
#include "app/graph/graph_difference.h"
#include "app/graph/legend_bar.h"
#include "app/panels/dims_bar.h"

namespace kasuri::app {
namespace {

constexpr int kToolBarHeight = 34;

QString keyOfModel(const ModelInfo &model)
{
    return QStringLiteral("%1#%2")
        .arg(model.path)
        .arg(reinterpret_cast<quintptr>(model.operators.constData()));
}

} // namespace

GraphPane::GraphPane(const Theme &theme, QWidget *parent) : QWidget(parent), theme_(theme)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildBar());
    dims_ = new DimsBar(this);
    column->addWidget(dims_);
    connect(dims_, &DimsBar::dimChosen, this, &GraphPane::dimChosen);
    auto *split = new QSplitter(this);
    after_.canvas = new GraphCanvas(theme_, split);
    after_.canvas->setObjectName(QStringLiteral("graphCanvas"));
    before_.canvas = new GraphCanvas(theme_, split);
    before_.canvas->setObjectName(QStringLiteral("graphCanvasBefore"));
    split->addWidget(before_.canvas);
    split->addWidget(after_.canvas);
    split->setChildrenCollapsible(false);
    column->addWidget(split, 1);
    legend_ = new LegendBar(theme_, this);
    column->addWidget(legend_);
    before_.canvas->setAccessibleName(tr("Graph before"));
    after_.canvas->setAccessibleName(tr("Graph after"));
    prepare(before_, true);
    prepare(after_, false);
    setView(GraphView::After);
}

GraphPane::~GraphPane()
{
    for (Version *version : {&before_, &after_}) {
        if (version->cancelled)
            *version->cancelled = true;
        version->watcher.waitForFinished();
    }
}

QWidget *GraphPane::buildBar()
{
    auto *bar = new QWidget(this);
    bar->setFixedHeight(kToolBarHeight);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 2, 8, 2);
    tabs_ = new QTabBar(bar);
    for (const QString &name : {tr("Before"), tr("After"), tr("Split"), tr("Diff")})
        tabs_->addTab(name);
    tabs_->setObjectName(QStringLiteral("sideTabs"));
    heatBox_ = new QComboBox(bar);
    heatBox_->addItems({tr("Heat: time"), tr("Heat: bytes"), tr("Heat: share"), tr("Heat: delta")});
    heatBox_->setAccessibleName(tr("Heat"));
    heatBox_->setObjectName(QStringLiteral("heatBox"));
    search_ = new QLineEdit(bar);
    search_->setPlaceholderText(tr("Find operator, type, shape…   Ctrl+F"));
    search_->setClearButtonEnabled(true);
    search_->setMaximumWidth(280);
    hits_ = new QLabel(bar);
    zoom_ = new QLabel(bar);
    row->addWidget(tabs_);
    row->addStretch();
    row->addWidget(heatBox_);
    row->addWidget(hits_);
    row->addWidget(search_);
    row->addWidget(zoom_);
    connect(tabs_, &QTabBar::currentChanged, this,
            [this](int index) { setView(GraphView(index)); });
    connect(heatBox_, &QComboBox::currentIndexChanged, this,
            [this](int index) { setHeat(HeatKind(index)); });
    connect(search_, &QLineEdit::textChanged, this, [this](const QString &text) {
        const int count = front()->search(text);
        hits_->setText(text.isEmpty() ? QString() : tr("%1 hits").arg(count));
    });
    connect(search_, &QLineEdit::returnPressed, this, [this] { nextHit(1); });
    return bar;
}

void GraphPane::prepare(Version &version, bool isBefore)
{
    GraphCanvas *canvas = version.canvas;
    connect(canvas, &GraphCanvas::operatorsSelected, this, &GraphPane::operatorsSelected);
    connect(canvas, &GraphCanvas::viewMoved, this,
            [this, canvas](double scale) { followEachOther(canvas, scale); });
    connect(&version.watcher, &QFutureWatcher<GeometryPointer>::finished, this, [this, isBefore] {
        Version &done = isBefore ? before_ : after_;
        if (done.watcher.future().resultCount() == 0 || *done.cancelled)
            return;
        done.plain = done.watcher.result();
        dress();
    });
}

template <class Layout> void GraphPane::layOut(Version &version, const QString &key, Layout layout)
{
    if (version.wanted == key)
        return;
    version.wanted = key;
    if (version.cancelled)
        *version.cancelled = true;
    version.cancelled = std::make_shared<std::atomic<bool>>(false);
    const auto stop = [flag = version.cancelled] { return flag->load(); };
    version.watcher.setFuture(QtConcurrent::run([layout, stop] { return layout(stop); }));
}

void GraphPane::show(const DocumentState &state)
{
    dims_->setDims(state.dims);
    if (!state.model) {
        setMessage(state.phase == DocumentState::Phase::Opening
                       ? state.message
                       : tr("No model open. Ctrl+O opens one, or drop a file here."));
        return;
    }
    layOut(before_, keyOfModel(*state.model),
           [model = state.model](const auto &stop) { return layoutOperators(*model, stop); });
    if (!state.after && !after_.plain)
        after_.canvas->setMessage(tr("Planning…"));
    if (state.after)
        layOut(after_, state.after->hash,
               [plan = state.after](const auto &stop) { return layoutKernels(*plan, stop); });
    if (planBefore_ == state.before && planAfter_ == state.after)
        return;
    planBefore_ = state.before;
    planAfter_ = state.after;
    dress();
}

void GraphPane::setMessage(const QString &message)
{
    for (Version *version : {&before_, &after_}) {
        if (version->cancelled)
            *version->cancelled = true;
        version->wanted.clear();
        version->plain.reset();
        version->canvas->setMessage(message);
    }
    planBefore_.reset();
    planAfter_.reset();
}

void GraphPane::dress()
{
    const auto copyOf = [](const Version &version) {
        return version.plain ? std::make_shared<GraphGeometry>(*version.plain) : nullptr;
    };
    const auto before = copyOf(before_), after = copyOf(after_);
    std::optional<ChangeCounts> counts;
    if (before && after)
        counts = markChanges(*before, *after);
    HeatScale scale, other;
    // A plan newer than what is laid out waits for its layout.
    const bool fits = after && planAfter_ && after_.wanted == planAfter_->hash
        && after->items.size() == planAfter_->steps.size();
    if (before)
        other = applyHeat(*before, heat_, true, planBefore_.get(), planAfter_.get());
    if (after)
        scale
            = applyHeat(*after, heat_, false, fits ? planAfter_.get() : nullptr, planBefore_.get());
    if (before)
        before_.canvas->setGeometryData(before);
    if (after)
        after_.canvas->setGeometryData(after);
    legend_->setHeat(view_ == GraphView::Before ? other : scale);
    const bool both = view_ == GraphView::Split || view_ == GraphView::Difference;
    legend_->setChanges(both ? counts : std::nullopt);
}

void GraphPane::setView(GraphView view)
{
    view_ = view;
    tabs_->setCurrentIndex(int(view));
    const bool both = view == GraphView::Split;
    const GraphAnchor anchor
        = after_.canvas->isVisible() ? after_.canvas->anchor() : before_.canvas->anchor();
    before_.canvas->setVisible(both || view == GraphView::Before);
    after_.canvas->setVisible(view != GraphView::Before);
    for (Version *version : {&before_, &after_}) {
        version->canvas->showChanges(both || view == GraphView::Difference);
        if (!anchor.operators.isEmpty())
            version->canvas->follow(anchor);
    }
    dress();
}

void GraphPane::setHeat(HeatKind kind)
{
    heat_ = kind;
    heatBox_->setCurrentIndex(int(kind));
    dress();
}

GraphCanvas *GraphPane::front() const
{
    return before_.canvas->isVisible() && (view_ == GraphView::Before || before_.canvas->hasFocus())
        ? before_.canvas
        : after_.canvas;
}

void GraphPane::selectOperators(const QStringList &operators)
{
    const QScopedValueRollback guard(following_, true);
    before_.canvas->selectOperators(operators);
    after_.canvas->selectOperators(operators);
}

void GraphPane::focusSearch()
{
    search_->setFocus();
    search_->selectAll();
}

void GraphPane::nextHit(int direction)
{
    front()->nextHit(direction);
}

void GraphPane::followEachOther(GraphCanvas *moved, double scale)
{
    if (moved == front())
        zoom_->setText(QStringLiteral("%1 %").arg(qRound(scale * 100)));
    if (following_ || view_ != GraphView::Split)
        return;
    const QScopedValueRollback guard(following_, true);
    GraphCanvas *other = moved == before_.canvas ? after_.canvas : before_.canvas;
    other->follow(moved->anchor());
}

void GraphPane::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_B:
        return setView(GraphView::Before);
    case Qt::Key_A:
        return setView(GraphView::After);
    case Qt::Key_S:
        return setView(GraphView::Split);
    case Qt::Key_D:
        return setView(GraphView::Difference);
    case Qt::Key_H:
        return setHeat(HeatKind((int(heat_) + 1) % 4));
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace kasuri::app
