// What the graph pane is made of.
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSplitter>
#include <QTabBar>

#include "app/graph/graph_canvas.h"
#include "app/graph/legend_bar.h"
#include "app/graph/side_head.h"
#include "app/panels/dims_bar.h"
#include "app/panels/graph_pane.h"
#include "app/panels/outline_view.h"

namespace kasuri::app {
namespace {

constexpr int kToolBarHeight = 34, kSearchLeast = 256, kSearchWidth = 304;

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
    for (Side side : {Side::Before, Side::After}) {
        auto *half = new QWidget(split);
        auto *rows = new QVBoxLayout(half);
        rows->setContentsMargins(0, 0, 0, 0);
        rows->setSpacing(0);
        heads_[size_t(side)] = new SideHead(theme_, side, half);
        canvases_[size_t(side)] = new GraphCanvas(theme_, half);
        rows->addWidget(heads_[size_t(side)]);
        rows->addWidget(canvas(side), 1);
        split->addWidget(half);
        connectCanvas(side);
    }
    canvas(Side::After)->setObjectName(QStringLiteral("graphCanvas"));
    canvas(Side::Before)->setObjectName(QStringLiteral("graphCanvasBefore"));
    canvas(Side::Before)->setAccessibleName(tr("Graph before"));
    canvas(Side::After)->setAccessibleName(tr("Graph after"));
    split->setChildrenCollapsible(false);
    outline_ = new OutlineView(theme_, this);
    auto *centre = new QGridLayout; // the outline lies over the canvases
    centre->addWidget(split, 0, 0);
    centre->addWidget(outline_, 0, 0);
    outline_->hide();
    column->addLayout(centre, 1);
    legend_ = new LegendBar(theme_, this);
    column->addWidget(legend_);
    // The same count again shows everything.
    connect(legend_, &LegendBar::changeChosen, this, [this](const QString &name) {
        const QString query = QStringLiteral("change:") + name;
        search_->setText(search_->text() == query ? QString() : query);
    });
    connect(&maker_, &PictureMaker::ready, this, &GraphPane::showPictures);
    connect(&maker_, &PictureMaker::ready, this, &GraphPane::drawn);
    setView(GraphView::After);
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
    where_ = new QLabel(bar);
    where_->setMinimumWidth(0);
    where_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    heatBox_ = new QComboBox(bar);
    heatBox_->addItems({tr("Heat: time"), tr("Heat: bytes"), tr("Heat: share"), tr("Heat: delta"),
                        tr("Heat: overlay")});
    heatBox_->setAccessibleName(tr("Heat"));
    heatBox_->setObjectName(QStringLiteral("heatBox"));
    search_ = new QLineEdit(bar);
    search_->setObjectName(QStringLiteral("graphSearch"));
    search_->setPlaceholderText(tr("Find operator, type, shape…   Ctrl+F"));
    search_->setToolTip(
        tr("Words that all must hold: relu, type:Conv, name:encoder, scope:layer.3, "
           "shape:64,56, dtype:float16, attr:group=2, change:fused, /expression/, "
           "type:/^Re/, ms>0.5, bytes:1MiB..8MiB, fused>3. F3 goes to the next."));
    search_->setClearButtonEnabled(true);
    search_->setMinimumWidth(kSearchLeast);
    search_->setMaximumWidth(kSearchWidth);
    hitCount_ = new QLabel(bar);
    hitCount_->setObjectName(QStringLiteral("hitCount"));
    zoom_ = new QLabel(bar);
    row->addWidget(tabs_);
    row->addWidget(where_, 1);
    row->addWidget(heatBox_);
    row->addWidget(hitCount_);
    row->addWidget(search_);
    row->addWidget(zoom_);
    connect(tabs_, &QTabBar::currentChanged, this,
            [this](int index) { setView(GraphView(index)); });
    connect(heatBox_, &QComboBox::currentIndexChanged, this,
            [this](int index) { setHeat(HeatKind(index)); });
    connect(search_, &QLineEdit::textChanged, this, &GraphPane::search);
    connect(search_, &QLineEdit::returnPressed, this, [this] { nextHit(1); });
    return bar;
}

void GraphPane::connectCanvas(Side side)
{
    GraphCanvas *from = canvas(side);
    connect(from, &GraphCanvas::operatorsSelected, this, &GraphPane::operatorsSelected);
    connect(from, &GraphCanvas::operatorsSelected, this, &GraphPane::tellWhere);
    connect(from, &GraphCanvas::viewMoved, this,
            [this, side](double scale) { followEachOther(side, scale); });
    connect(from, &GraphCanvas::foldRequested, this, &GraphPane::fold);
    connect(from, &GraphCanvas::peekRequested, this, [this, side](int item) { peek(side, item); });
    connect(from, &GraphCanvas::blocksRequested, this,
            [this, side](const QString &path, const QPoint &position) {
                chooseBlock(side, path, position);
            });
}

} // namespace kasuri::app
